import type { Evidence } from '../../../../shared/contract/tenants.ts'
import type { Rate } from '../../../../shared/metering/capacity.ts'
import type { Statement } from '../../../../shared/metering/tenants.ts'
import { Money, priceOf } from '../../../../shared/model/money.ts'
import { type EvidenceLine, lineKey, linesOf } from './lines.ts'
import { addTotals, sumTotals } from '../usage/totals.ts'
import type { UsageTable } from '../types.ts'

export interface EvidenceInput {
  readonly site: string
  /** What the usage comes from, as it calls itself. */
  readonly backend: string
  readonly tenant: string
  /** On the back end's clock, ms. */
  readonly fromMs: number
  readonly toMs: number
  readonly timezone: string
  readonly preparedAt: number
  readonly currency: string
  /** By model and GPU type, as far as the back end distinguishes them; steps within the period. */
  readonly usage: UsageTable
  /** Null where the back end has no price list. */
  readonly rates: readonly Rate[] | null
  /** What the billing system charges; null where there is none. */
  readonly statement: Statement | null
  /**
   * The days of the period, each with lines of its own before those of the whole period. Steps must not lie across their
   * bounds; left out where the back end counts too coarsely for that.
   */
  readonly days?: readonly { readonly date: string; readonly fromMs: number; readonly toMs: number }[]
  /** What could not be had, in plain words. */
  readonly notes: readonly string[]
}

export interface EvidenceFigures {
  readonly header: readonly string[]
  readonly rows: readonly (readonly (string | bigint | null)[])[]
  /** For JSON: counts and amounts are strings of digits. */
  readonly document: object
  readonly reconciles: Evidence['reconciles']
  readonly notes: string[]
}

const HEADER = [
  'tenant',
  'from',
  'to',
  'model',
  'gpu_type',
  'token_type',
  'tokens',
  'price_per_mtok',
  'amount',
  'currency',
  'statement_tokens',
  'statement_amount',
  'difference_tokens',
  'difference_amount',
  /** `day`: of one day; `period`: of the whole period, beside the bill; `total`. Days and period are the same tokens. */
  'row',
] as const

/** Sets what was used beside what was charged. */
interface Compared extends EvidenceLine {
  readonly amount: Money | null
  readonly charged: { readonly tokens: bigint; readonly amount: Money } | null
}

const ROUNDING = {
  'half-up': Money.ROUND_HALF_UP,
  'half-even': Money.ROUND_HALF_EVEN,
  down: Money.ROUND_DOWN,
} as const

/**
 * What one tenant used in a period, line by line at the price in force, beside the lines of its bill. Lines are rounded
 * as the statement says, because only then do they add up to its total; without a statement nothing is rounded.
 */
export function evidenceOf(input: EvidenceInput): EvidenceFigures {
  const { statement, usage, currency } = input
  const notes = [...input.notes]
  const foreign = statement !== null && statement.currency !== currency
  if (foreign) notes.push(`The bill is in ${statement.currency}; prices in ${currency} do not apply to it.`)
  const inCurrency = statement?.currency ?? currency
  const byType = statement === null || statement.lines.every(({ gpuType }) => gpuType !== null)
  const used = linesOf(usage, input.rates ?? [], inCurrency, byType)
  notes.push(...used.notes)
  if (!usage.complete) {
    const missing = usage.missing.length === 0 ? 'a part of the factory' : usage.missing.join('; ')
    notes.push(`Usage is incomplete. Not reported: ${missing}.`)
  }
  const doubts = usage.doubts ?? []
  for (const doubt of doubts) notes.push(`Usage is not exact: ${doubt}.`)
  notes.push(...(usage.notes ?? []))
  const uncounted = (['input', 'output'] as const).filter((measure) => usage.counts[measure] === null)
  if (uncounted.length > 0) {
    notes.push(
      `${input.backend} does not distinguish ${uncounted.join(' and ')} tokens: they are in no line, and the sums are of the rest.`,
    )
  }
  if (usage.dataAsOf < input.toMs) {
    notes.push(`Usage is known up to ${new Date(usage.dataAsOf).toISOString()} only; the period ends later.`)
  }
  if (statement !== null && !statement.complete) {
    notes.push(
      `The bill is incomplete: ${statement.missing.join('; ') || 'it does not say what is missing'}.`,
    )
  }

  const misfits = statement === null ? [] : misfitsOf(statement, input)
  notes.push(...misfits)

  const lines = compare(used.lines, statement, byType)
  const amounts = lines.map(({ amount }) => amount)
  const unpriced = amounts.some((amount) => amount === null)
  const total = amounts.reduce<Money>((sum, amount) => sum.plus(amount ?? 0), new Money(0))
  const totals = usage.rows.map((_, row) => sumTotals(usage, row, 'all'))
  const sums = totals.length === 0 ? null : totals.reduce(addTotals)
  const text = moneyText(statement)
  const reconciles =
    statement === null
      ? null
      : {
          ...verdictOf(statement, misfits.length === 0, total, lines, text),
          certain:
            usage.complete && doubts.length === 0 && usage.dataAsOf >= input.toMs && statement.complete,
        }
  const period = [input.tenant, iso(input.fromMs), iso(input.toMs)]
  const tokens = lines.reduce((sum, line) => sum + line.tokens, 0n)
  const charged = lines.reduce((sum, line) => sum + (line.charged?.tokens ?? 0n), 0n)

  const days = (input.days ?? []).map((day) => ({
    ...day,
    lines: linesOf(usage, input.rates ?? [], inCurrency, byType, day).lines,
  }))

  return {
    header: HEADER,
    rows: [
      ...days.flatMap((day) =>
        day.lines.map((line) => [
          input.tenant,
          iso(day.fromMs),
          iso(day.toMs),
          line.model,
          line.gpuType,
          line.tokenType,
          line.tokens,
          line.price,
          exactAmount(line),
          inCurrency,
          null,
          null,
          null,
          null,
          'day',
        ]),
      ),
      ...lines.map((line) => [
        ...period,
        line.model,
        line.gpuType,
        line.tokenType,
        line.tokens,
        line.price,
        line.amount === null ? null : text(line.amount),
        inCurrency,
        line.charged?.tokens ?? (statement === null ? null : 0n),
        line.charged === null ? (statement === null ? null : text(new Money(0))) : text(line.charged.amount),
        statement === null ? null : line.tokens - (line.charged?.tokens ?? 0n),
        differenceOf(line, statement, text),
        'period',
      ]),
      [
        ...period,
        'total',
        null,
        null,
        tokens,
        null,
        unpriced ? null : text(total),
        inCurrency,
        statement === null ? null : charged,
        statement === null ? null : statement.total,
        statement === null ? null : tokens - charged,
        reconciles === null || unpriced ? null : reconciles.difference,
        'total',
      ],
    ],
    document: {
      kind: 'floorwatch-token-evidence',
      version: 1,
      site: input.site,
      source: input.backend,
      preparedAt: iso(input.preparedAt),
      tenant: input.tenant,
      period: { from: iso(input.fromMs), to: iso(input.toMs), timezone: input.timezone },
      dataAsOf: iso(usage.dataAsOf),
      complete: usage.complete,
      missing: usage.missing,
      doubts,
      currency: inCurrency,
      lines: lines.map((line) => ({
        model: line.model,
        gpuType: line.gpuType,
        tokenType: line.tokenType,
        tokens: line.tokens.toString(),
        pricePerMegatoken: line.price,
        amount: line.amount === null ? null : text(line.amount),
        statement:
          line.charged === null
            ? null
            : { tokens: line.charged.tokens.toString(), amount: text(line.charged.amount) },
      })),
      days: days.map(({ date, fromMs, toMs, lines: ofDay }) => ({
        date,
        from: iso(fromMs),
        to: iso(toMs),
        lines: ofDay.map((line) => ({
          model: line.model,
          gpuType: line.gpuType,
          tokenType: line.tokenType,
          tokens: line.tokens.toString(),
          pricePerMegatoken: line.price,
          amount: exactAmount(line),
        })),
      })),
      totals: { ...sums, billedTokens: tokens.toString(), amount: unpriced ? null : text(total) },
      statement: statement === null ? null : { total: statement.total, currency: statement.currency },
      reconciles,
      notes,
    },
    reconciles,
    notes,
  }
}

/** Not rounded: a bill rounds its lines, and those are of the whole period. */
function exactAmount({ tokens, price }: EvidenceLine): string | null {
  return price === null ? null : priceOf(tokens, price).toFixed()
}

/** Used lines with their amounts, each beside what is charged for the same; what is only charged comes last. */
function compare(used: readonly EvidenceLine[], statement: Statement | null, byType: boolean): Compared[] {
  const priced = (line: EvidenceLine): Money | null => {
    if (line.price === null) return null
    const exact = priceOf(line.tokens, line.price)
    return statement === null ? exact : exact.toDecimalPlaces(statement.scale, ROUNDING[statement.rounding])
  }
  const charged = new Map<string, { line: EvidenceLine; tokens: bigint; amount: Money }>()
  for (const line of statement?.lines ?? []) {
    const as: EvidenceLine = {
      model: line.model,
      gpuType: byType ? (line.gpuType ?? '') : '',
      tokenType: line.tokenType,
      tokens: 0n,
      price: line.pricePerMegatoken,
    }
    const key = lineKey(as)
    const known = charged.get(key)
    charged.set(key, {
      line: as,
      tokens: (known?.tokens ?? 0n) + line.tokens,
      amount: (known?.amount ?? new Money(0)).plus(line.amount),
    })
  }
  const lines = used.map((line): Compared => {
    const found = charged.get(lineKey(line)) ?? null
    charged.delete(lineKey(line))
    return { ...line, amount: priced(line), charged: found }
  })
  const only = [...charged.values()].map(({ line, ...rest }): Compared => {
    return { ...line, amount: new Money(0), charged: rest }
  })
  return [...lines, ...only]
}

/** What makes a bill one of something else, or one that contradicts itself; in plain words. */
function misfitsOf(statement: Statement, { tenant, fromMs, toMs }: EvidenceInput): string[] {
  const misfits: string[] = []
  if (statement.tenant !== tenant) {
    misfits.push(`The bill is for the tenant "${statement.tenant}", not for "${tenant}".`)
  }
  const { from, to } = statement
  if (Date.parse(from) !== fromMs || Date.parse(to) !== toMs) {
    misfits.push(`The bill is for ${from} to ${to}, not for the period that was asked for.`)
  }
  const sum = statement.lines.reduce<Money>((all, { amount }) => all.plus(amount), new Money(0))
  if (!sum.equals(statement.total)) {
    const text = moneyText(statement)
    misfits.push(
      `The lines of the bill add up to ${text(sum)} ${statement.currency}, and its total says ${text(new Money(statement.total))} ${statement.currency}.`,
    )
  }
  return misfits
}

/** @param fits the bill is of this tenant and period, and its lines are its total */
function verdictOf(
  statement: Statement,
  fits: boolean,
  total: Money,
  lines: readonly Compared[],
  text: (amount: Money) => string,
): Omit<NonNullable<Evidence['reconciles']>, 'certain'> {
  const difference = total.minus(statement.total)
  const agrees = ({ tokens, amount, charged }: Compared) =>
    tokens === (charged?.tokens ?? 0n) && amount !== null && amount.equals(charged?.amount ?? 0)
  return {
    equal: fits && difference.isZero() && lines.every(agrees),
    ours: text(total),
    theirs: text(new Money(statement.total)),
    difference: text(difference),
    currency: statement.currency,
  }
}

function differenceOf(
  { amount, charged }: Compared,
  statement: Statement | null,
  text: (amount: Money) => string,
): string | null {
  if (statement === null || amount === null) return null
  return text(amount.minus(charged?.amount ?? 0))
}

/** At the bill's decimals, or at more where an amount has them: a difference is never rounded to nothing. */
function moneyText(statement: Statement | null): (amount: Money) => string {
  if (statement === null) return (amount) => amount.toFixed()
  return (amount) => amount.toFixed(Math.max(statement.scale, amount.decimalPlaces()))
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
