import { Money } from './money.ts'

/**
 * The comparison that the industry argues about: a GPU rented by the hour against the same GPU sold by the token.
 * Revenue, not profit. Every input is an assumption that a person may change; amounts are decimal strings.
 */
export interface EconomicAssumptions {
  /** $ per GPU-hour of rent. */
  readonly rentPerHour: string
  /** Share of the hours that are rented out, 0–1. */
  readonly rentedShare: string
  /** Million tokens per GPU-hour while it serves. */
  readonly megatokensPerHour: string
  /** $ per million tokens. */
  readonly pricePerMegatoken: string
  /** Share of that capacity that is sold, 0–1. */
  readonly soldShare: string
}

export const HOURS_PER_YEAR = 8760

/** NVIDIA's and vendors' illustrative figures; docs/economics.md names them. */
export const DEFAULT_ASSUMPTIONS: EconomicAssumptions = {
  rentPerHour: '3',
  rentedShare: '0.7',
  megatokensPerHour: '30',
  pricePerMegatoken: '1',
  soldShare: '0.6',
}

export interface RevenuePerGpuYear {
  readonly rented: Money
  readonly metered: Money
  /** metered ÷ rented; null where nothing is rented. */
  readonly ratio: Money | null
}

/** Revenue of one GPU in a year of 8,760 hours, both ways. @throws DecimalError for a text that is no number */
export function revenuePerGpuYear(of: EconomicAssumptions): RevenuePerGpuYear {
  const rented = new Money(of.rentPerHour).times(of.rentedShare).times(HOURS_PER_YEAR)
  const metered = new Money(of.megatokensPerHour)
    .times(of.pricePerMegatoken)
    .times(of.soldShare)
    .times(HOURS_PER_YEAR)
  return { rented, metered, ratio: rented.isZero() ? null : metered.dividedBy(rented) }
}

/** $/Mtok = $/GPU-h ÷ (tok/s per GPU × 3600) × 10^6. Null where nothing is produced. */
export function costPerMegatoken(costPerGpuHour: string, tokensPerSecondPerGpu: number): Money | null {
  if (!(tokensPerSecondPerGpu > 0)) return null
  return new Money(costPerGpuHour).dividedBy(new Money(tokensPerSecondPerGpu).times(3600)).times(1_000_000)
}

/** Reference throughput: best closed MLPerf Inference v5.1, Llama2-70B Offline, tok/s per GPU; hourly cost seen, $. */
export interface ReferenceType {
  readonly tokensPerSecond: number
  readonly costPerGpuHour: string
  readonly kilowatts: number
}
export const REFERENCE_SOURCE = 'MLPerf Inference v5.1 closed, Llama2-70B Offline'
export const REFERENCE_TYPES: Readonly<Record<string, ReferenceType>> = {
  H100: { tokensPerSecond: 3902, costPerGpuHour: '1.30', kilowatts: 1.73 },
  H200: { tokensPerSecond: 4415, costPerGpuHour: '1.60', kilowatts: 1.73 },
  B200: { tokensPerSecond: 12_864, costPerGpuHour: '2.90', kilowatts: 2.17 },
  GB200: { tokensPerSecond: 13_015, costPerGpuHour: '3.30', kilowatts: 2.1 },
  MI300X: { tokensPerSecond: 3482, costPerGpuHour: '1.55', kilowatts: 1.79 },
  MI325X: { tokensPerSecond: 4319, costPerGpuHour: '1.80', kilowatts: 2.18 },
}
