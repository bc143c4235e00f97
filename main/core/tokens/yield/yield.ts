import type { Yield, YieldRow } from '../../../../shared/contract/tokens.ts'
import type { Rate } from '../../../../shared/metering/capacity.ts'
import { costPerMegatoken, REFERENCE_SOURCE, REFERENCE_TYPES } from '../../../../shared/model/economics.ts'
import { Money } from '../../../../shared/model/money.ts'
import { ownOf } from '../../../../shared/model/own.ts'
import type { Rates } from '../../../../shared/model/tokens.ts'
import { figureText } from '../../../../shared/model/units.ts'
import { besideCapacity, COUNTED } from './capacity.ts'
import type { TypeCapacity, TypeGpus } from './gpus.ts'
import { spendOf } from './spend.ts'

export interface YieldInput {
  readonly gpus: readonly TypeGpus[]
  /** By type; empty where the metering knows no capacity. */
  readonly capacity: ReadonlyMap<string, TypeCapacity>
  /** Per second by GPU type and model, '' where the back end does not say; null where there is no usage to tell of. */
  readonly flows: ReadonlyMap<string, ReadonlyMap<string, Rates>> | null
  /** The flows are served tokens in the place of metered ones. */
  readonly served: boolean
  /** Of everything; known also where GPU types are not. */
  readonly whole: Rates
  /** Why GPU types are not known; null where the back end does, or inference servers in its place. */
  readonly noTypes: string | null
  /** Prices and costs of the metering; null where it has none. */
  readonly rates: readonly Rate[] | null
  readonly currency: string
  /** Configured, decimal strings per GPU-hour by type. */
  readonly costPerGpuHour: Readonly<Record<string, string>>
  /** Configured, tok/s per GPU by type. */
  readonly referenceTokensPerSecond: Readonly<Record<string, number>>
  /** On the back end's clock, ms. */
  readonly now: number
}

export interface YieldFigures {
  readonly rows: YieldRow[]
  readonly total: YieldRow
  readonly unknownTypeShare: number | null
  readonly measured: Yield['measured']
}

const HOUR_S = 3600
/** Up to this share of tokens that are not mapped to a GPU the rest is divided by all GPUs, and said. */
const MOST_UNPLACED = 0.05
const NOTHING_PLACED = { tokens: null, output: null } as const
const MEGA = 1_000_000

/** What one row is made of. */
interface Sum {
  readonly gpuType: string
  readonly capacity: YieldRow['capacity']
  readonly provisioned: number
  readonly allocated: number | null
  readonly active: number | null
  readonly watts: number | null
  readonly tokens: number | null
  readonly output: number | null
  /** Of the tokens and of the output, what these very GPUs served, so that it may be divided by them. */
  readonly placed: { readonly tokens: number | null; readonly output: number | null }
  /** Per second. */
  readonly spend: { readonly amount: Money; readonly tokens: number } | null
  /** Of all provisioned GPUs, per hour. */
  readonly cost: Money | null
  readonly notes: readonly string[]
}

/**
 * What the floor's GPU-hours make of tokens, by GPU type. Tokens per GPU-hour under three denominators, none of which is
 * called just "GPU-hours"; cost is what the factory pays for what is installed, spend what customers pay at list price.
 */
export function yieldOf(input: YieldInput): YieldFigures {
  const { gpus, flows } = input
  const onFloor = new Set(gpus.map(({ gpuType }) => gpuType))
  const unplaced = flows === null || input.noTypes !== null ? 0 : (tokensOf(flows.get('')).tokens ?? 0)
  const elsewhere = [...(flows?.keys() ?? [])].filter((type) => !onFloor.has(type))
  const sums = [
    ...gpus.map((type) => sumOf(type, unplaced, input)),
    ...elsewhere
      .filter((type) => type !== '' && tokensOf(flows?.get(type)).tokens !== 0)
      .map((gpuType) =>
        sumOf(
          {
            gpuType,
            provisioned: 0,
            allocated: null,
            active: null,
            watts: null,
            notes: [
              `The floor has no GPU of this type; the ${input.served ? 'inference servers say' : 'metering says'} that one served these tokens.`,
            ],
          },
          0,
          input,
        ),
      ),
  ]
  const total = totalOf(sums, input)
  const unknown = flows === null || input.noTypes !== null ? null : unplaced
  return {
    rows: sums.map((sum) => rowOf(sum, input)),
    total: rowOf(total, input),
    unknownTypeShare:
      input.noTypes !== null ? 1 : unknown === null || !total.tokens ? null : unknown / total.tokens,
    measured: {
      megatokensPerHour: dividedBy(total.placed.tokens, total.active ?? total.allocated, HOUR_S / MEGA),
      pricePerMegatoken: pricePerMegatoken(total.spend),
      soldShare: dividedBy(total.active, total.provisioned, 1),
    },
  }
}

/** @param elsewhere tokens per second that are not mapped to a GPU, and may have been served by these */
function sumOf(floor: TypeGpus, elsewhere: number, input: YieldInput): Sum {
  const { flows, noTypes, currency } = input
  const { gpus, capacity } = besideCapacity(floor, input.capacity.get(floor.gpuType))
  const { gpuType, provisioned } = gpus
  const notes = [...gpus.notes]
  const models = flows?.get(gpuType)
  // Servers that lead to a GPU without a type and servers that lead nowhere are one and the same to the join.
  const unplaced = input.served && gpuType === ''
  const told = flows === null || noTypes !== null || unplaced ? NOTHING_PLACED : tokensOf(models)
  // No token leads here, and some lead nowhere: 0 is known only of GPUs that did nothing.
  const unsure = told.tokens === 0 && elsewhere > 0 && gpus.active !== 0
  const { tokens, output } = unsure ? NOTHING_PLACED : told
  if (unsure) notes.push('Some tokens are not mapped to a GPU: whether these GPUs served them is not known.')
  const idle = !input.served && isIdle(tokens, gpus.active)
  if (idle) notes.push(IDLE)
  if (noTypes !== null) notes.push(noTypes)
  if (unplaced)
    notes.push('These GPUs have no type, so servers on them are among those that are not mapped to a GPU.')
  const { cost, note } = costOf(gpuType, input)
  if (note !== null) notes.push(note)
  if (gpus.watts === null && provisioned > 0)
    notes.push('Power is not known, so neither are tokens per joule.')
  const spend =
    tokens === null || input.rates === null
      ? null
      : spendOf(input.rates, models ?? new Map(), gpuType, currency, input.now)
  if (input.rates === null) notes.push('No metering gives a price list.')
  else if (spend !== null && spend.unpriced.length > 0) {
    const named = spend.unpriced.slice(0, 5).join(', ')
    const left = figureText((100 * spend.unpricedTokens) / (tokens || 1), { unit: '%' })
    notes.push(`No list price in ${currency} for ${named}: ${left} of the tokens are left out of spend.`)
  }
  return {
    gpuType,
    capacity,
    provisioned,
    allocated: gpus.allocated,
    active: gpus.active,
    watts: gpus.watts,
    tokens,
    output,
    placed: idle ? NOTHING_PLACED : { tokens, output },
    spend: spend === null || spend.tokens === 0 ? null : spend,
    cost: cost === null ? null : cost.times(provisioned),
    notes,
  }
}

const IDLE =
  'None of these GPUs works now, so they did not serve these tokens: nothing is divided by them. Other GPUs did, which the floor does not see.'

function isIdle(tokens: number | null, active: number | null): boolean {
  return tokens !== null && tokens > 0 && active === 0
}

/** What an hour of one GPU costs: as configured, else as the metering says. */
function costOf(
  gpuType: string,
  { costPerGpuHour, rates, currency, now }: YieldInput,
): { readonly cost: Money | null; readonly note: string | null } {
  const configured = ownOf(costPerGpuHour, gpuType)
  if (configured !== undefined) return { cost: new Money(configured), note: null }
  const known = (rates ?? []).filter(
    (rate) =>
      rate.kind === 'cost' &&
      rate.unit === 'gpuHour' &&
      (rate.gpuType === gpuType || rate.gpuType === null) &&
      Date.parse(rate.effectiveFrom) <= now,
  )
  const [newest] = known
    .filter((rate) => rate.currency === currency)
    .toSorted(
      (a, b) =>
        Number(b.gpuType !== null) - Number(a.gpuType !== null) ||
        Date.parse(b.effectiveFrom) - Date.parse(a.effectiveFrom),
    )
  if (newest !== undefined) return { cost: new Money(newest.amount), note: null }
  const [foreign] = known
  return {
    cost: null,
    note:
      foreign === undefined
        ? `The cost of an hour of ${gpuType || 'this type'} is not known: set economics.costPerGpuHour.`
        : `Its cost is known in ${foreign.currency} only; amounts of two currencies are not mixed.`,
  }
}

/** Which figures of the sum are made of the metering's in part. */
function capacityOfAll(
  sums: readonly Sum[],
  known: Pick<Sum, 'provisioned' | 'allocated' | 'active' | 'watts'>,
): YieldRow['capacity'] {
  const used = COUNTED.filter(
    (count) => known[count] !== null && sums.some(({ capacity }) => capacity?.used.includes(count)),
  )
  if (used.length === 0) return null
  return { provisioned: null, allocated: null, active: null, watts: null, used, differs: [] }
}

function totalOf(sums: readonly Sum[], input: YieldInput): Sum {
  const { whole, currency } = input
  const notes: string[] = []
  const adding = (pick: (sum: Sum) => number | null, what: string): number | null => {
    const values = sums.map(pick)
    if (values.every((value) => value === null)) return null
    if (values.some((value) => value === null)) {
      notes.push(`${what} is not known of every type, so not of all.`)
      return null
    }
    return values.reduce<number>((all, value) => all + (value ?? 0), 0)
  }
  const floor = sums.filter(({ provisioned }) => provisioned > 0)
  const costs = floor.map(({ cost }) => cost)
  const cost = costs.every((each) => each !== null)
    ? costs.reduce<Money>((all, each) => all.plus(each ?? 0), new Money(0))
    : null
  if (cost === null) notes.push(`Cost in ${currency} is not known of every type, so not of all.`)
  const spends = sums.flatMap(({ spend }) => (spend === null ? [] : [spend]))
  const gpus = {
    provisioned: sums.reduce((all, { provisioned }) => all + provisioned, 0),
    allocated: adding(({ allocated, provisioned }) => (provisioned === 0 ? 0 : allocated), 'Allocation'),
    active: adding(({ active, provisioned }) => (provisioned === 0 ? 0 : active), 'Activity'),
    watts: adding(({ watts, provisioned }) => (provisioned === 0 ? 0 : watts), 'Power'),
  }
  const tokens = whole.input === null || whole.output === null ? null : whole.input + whole.output
  return {
    gpuType: '',
    capacity: capacityOfAll(sums, gpus),
    ...gpus,
    tokens,
    output: whole.output,
    placed: placedOf(sums, { tokens, output: whole.output, active: gpus.active }, input, notes),
    spend:
      spends.length === 0
        ? null
        : {
            amount: spends.reduce<Money>((all, { amount }) => all.plus(amount), new Money(0)),
            tokens: spends.reduce((all, { tokens }) => all + tokens, 0),
          },
    cost: floor.length === 0 ? null : cost,
    notes,
  }
}

/** What of all tokens may be divided by all GPUs of the floor: what leads to them. */
function placedOf(
  sums: readonly Sum[],
  all: { readonly tokens: number | null; readonly output: number | null; readonly active: number | null },
  { flows, noTypes, served, whole }: YieldInput,
  notes: string[],
): Sum['placed'] {
  const { tokens, output, active } = all
  if (flows === null || noTypes !== null) {
    if (!isIdle(tokens, active)) return { tokens, output }
    notes.push(IDLE)
    return NOTHING_PLACED
  }
  const here = sums.filter(({ gpuType, provisioned }) => gpuType !== '' && provisioned > 0)
  const sum = (pick: (one: Sum) => number | null) => here.reduce((total, one) => total + (pick(one) ?? 0), 0)
  const told = [...flows.values()].map((models) => tokensOf(models).tokens ?? 0)
  const toldAll = told.reduce((total, one) => total + one, 0)
  const placed = sum((one) => one.placed.tokens)
  const left = toldAll > 0 ? 1 - placed / toldAll : 0
  if (!(left > 1e-9)) return { tokens, output }
  const share = figureText(100 * left, { unit: '%' })
  if (left > MOST_UNPLACED) {
    notes.push(
      `${share} of the tokens are not mapped to a GPU of the floor, so they are not divided by its GPUs.`,
    )
    return NOTHING_PLACED
  }
  notes.push(
    `${share} of the tokens are not mapped to a GPU of the floor and are left out of what is divided by its GPUs.`,
  )
  // Served by type beside a metered whole: the same part of it is left out.
  const part = served && tokens !== null && whole.input !== null ? placed / toldAll : null
  return part === null
    ? { tokens: placed, output: sum((one) => one.placed.output) }
    : { tokens: (tokens ?? 0) * part, output: output === null ? null : output * part }
}

function rowOf(sum: Sum, input: YieldInput): YieldRow {
  const { gpuType, provisioned, allocated, active, watts, spend, cost } = sum
  const { tokens, output } = sum.placed
  const perHour = (gpus: number | null) => dividedBy(tokens, gpus, HOUR_S)
  const costPerHour = cost === null || provisioned === 0 ? null : cost.dividedBy(provisioned)
  const perGpu = dividedBy(tokens, provisioned, 1)
  const perMegatoken =
    costPerHour === null || perGpu === null ? null : costPerMegatoken(costPerHour.toString(), perGpu)
  const spendPerHour = spend === null ? null : spend.amount.times(HOUR_S)
  return {
    gpuType,
    gpus: { provisioned, allocated, active },
    capacity: sum.capacity,
    tokensPerSecond: sum.tokens,
    perGpuHour: { provisioned: perHour(provisioned), allocated: perHour(allocated), active: perHour(active) },
    reference: gpuType === '' ? null : referenceOf(gpuType, dividedBy(output, active, 1), input),
    costPerGpuHour: text(costPerHour),
    costPerMegatoken: text(perMegatoken),
    spendPerMegatoken: pricePerMegatoken(spend),
    tokensPerCostDollar:
      cost === null || cost.isZero() || tokens === null ? null : (tokens * HOUR_S) / cost.toNumber(),
    tokensPerSpendDollar:
      spend === null || spendPerHour === null || spendPerHour.isZero()
        ? null
        : (spend.tokens * HOUR_S) / spendPerHour.toNumber(),
    tokensPerJoule: dividedBy(tokens, watts, 1),
    watts,
    notes: [...sum.notes],
  }
}

function referenceOf(
  gpuType: string,
  perActiveGpu: number | null,
  { referenceTokensPerSecond }: YieldInput,
): YieldRow['reference'] {
  const configured = ownOf(referenceTokensPerSecond, gpuType)
  const tokensPerSecond = configured ?? ownOf(REFERENCE_TYPES, gpuType)?.tokensPerSecond
  if (tokensPerSecond === undefined) return null
  return {
    tokensPerSecond,
    source: configured === undefined ? REFERENCE_SOURCE : 'economics.referenceTokensPerSecond',
    share: perActiveGpu === null ? null : perActiveGpu / tokensPerSecond,
  }
}

function tokensOf(models: ReadonlyMap<string, Rates> | undefined): {
  readonly tokens: number | null
  readonly output: number | null
} {
  let tokens = 0
  let output = 0
  for (const rates of models?.values() ?? []) {
    if (rates.input === null || rates.output === null) return { tokens: null, output: null }
    tokens += rates.input + rates.output
    output += rates.output
  }
  return { tokens, output }
}

function pricePerMegatoken(spend: Sum['spend']): string | null {
  return spend === null ? null : text(spend.amount.dividedBy(spend.tokens).times(MEGA))
}

function dividedBy(value: number | null, by: number | null, times: number): number | null {
  return value === null || by === null || !(by > 0) ? null : (value / by) * times
}

/** More digits than anybody reads, fewer than a quotient may have. */
function text(amount: Money | null): string | null {
  return amount === null ? null : amount.toSignificantDigits(12).toString()
}
