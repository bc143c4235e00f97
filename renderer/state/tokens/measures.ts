import { visibleName } from '../../../shared/model/foreignText.ts'
import { explain } from '../../../shared/glossary/glossary.ts'
import { LATENCY_TERMS } from '../../../shared/glossary/latency.ts'
import type { Term } from '../../../shared/glossary/term.ts'
import { USAGE_TERMS } from '../../../shared/glossary/usage.ts'
import {
  type Charted,
  type Dimension,
  DIMENSION_TITLES,
  type Rates,
  type Totals,
} from '../../../shared/model/tokens.ts'
import type { TokenOrigin } from '../../../shared/contract/tokens.ts'
import type { LatencyKind } from '../../../shared/metering/capabilities.ts'
import { inSentence, say, textOf } from '../../../shared/messages/format.ts'

interface MeasureWords {
  readonly title: string
  readonly rateUnit: 'tok/s' | 'req/s'
  readonly totalUnit: 'tok' | 'req'
  /** What it is: a sentence of the glossary. */
  readonly meaning: string
}

function wordsOf(term: Term): { title: string; meaning: string } {
  return { title: term.name, meaning: explain(term) }
}

const tokens = { rateUnit: 'tok/s', totalUnit: 'tok' } as const
const requests = { rateUnit: 'req/s', totalUnit: 'req' } as const

export const MEASURE_WORDS: Readonly<Record<Charted, MeasureWords>> = {
  tokens: { ...tokens, ...wordsOf(USAGE_TERMS.tokens) },
  input: { ...tokens, ...wordsOf(USAGE_TERMS.input) },
  output: { ...tokens, ...wordsOf(USAGE_TERMS.output) },
  cachedInput: { ...tokens, ...wordsOf(USAGE_TERMS.cachedInput) },
  reasoning: { ...tokens, ...wordsOf(USAGE_TERMS.reasoning) },
  requests: { ...requests, ...wordsOf(USAGE_TERMS.requests) },
  errors: { ...requests, ...wordsOf(USAGE_TERMS.errors) },
  errorTokens: { ...tokens, ...wordsOf(USAGE_TERMS.errorTokens) },
  rejected: { ...requests, ...wordsOf(USAGE_TERMS.rejected) },
}

/** The order of the switch: from the whole to its parts, then requests, then what went wrong. */
export const MEASURE_ORDER = [
  'tokens',
  'input',
  'output',
  'cachedInput',
  'reasoning',
  'requests',
  'errors',
  'errorTokens',
  'rejected',
] as const satisfies readonly Charted[]

/** The order of lists and of the switch. */
export const DIMENSION_ORDER = [
  'gpuType',
  'model',
  'endpoint',
  'tenant',
] as const satisfies readonly Dimension[]

export const LATENCY_WORDS: Readonly<Record<LatencyKind, { title: string; short: string; meaning: string }>> =
  {
    timeToFirstToken: {
      short: say('latency.short.timeToFirstToken'),
      ...wordsOf(LATENCY_TERMS.timeToFirstToken),
    },
    interToken: { short: say('latency.short.interToken'), ...wordsOf(LATENCY_TERMS.interToken) },
    duration: { short: say('latency.short.duration'), ...wordsOf(LATENCY_TERMS.duration) },
  }
export const LATENCY_ORDER = [
  'timeToFirstToken',
  'interToken',
  'duration',
] as const satisfies readonly LatencyKind[]

/** From a second on in seconds, below in milliseconds: three digits tell either. */
export function latencyScale(seconds: number | null): { readonly unit: 's' | 'ms'; readonly factor: number } {
  return seconds !== null && seconds >= 0.9995 ? { unit: 's', factor: 1 } : { unit: 'ms', factor: 1000 }
}

/** "GPU type" keeps its capitals inside a sentence, "Model" does not. */
export function dimensionWords(dimension: Dimension): string {
  return inSentence(DIMENSION_TITLES[dimension].one)
}

/** What stands for a name that the back end left empty. */
export const UNNAMED = say('tokens.unnamed')

/** Words that stand for no name, or for several, in lists of names. */
const STAND_INS: ReadonlySet<string> = new Set([UNNAMED, say('tokens.others'), say('tokens.unmapped')])

/** A name of a model, tenant, endpoint or GPU type as it may be shown. One that is called as what stands for none is quoted. */
export function nameWords(name: string): string {
  if (name === '') return UNNAMED
  return STAND_INS.has(name) ? `“${name}”` : visibleName(name)
}

/** Per second; null where either part of a sum is not known. */
export function chartedRate(rates: Rates, measure: Charted): number | null {
  if (measure !== 'tokens') return rates[measure]
  return rates.input === null || rates.output === null ? null : rates.input + rates.output
}

/** Exact; null where the back end does not count the measure. */
export function chartedTotal(totals: Totals, measure: Charted): bigint | null {
  if (measure === 'tokens') {
    const { input, output } = totals
    return input === null || output === null ? null : BigInt(input) + BigInt(output)
  }
  const digits = totals[measure]
  return digits === null ? null : BigInt(digits)
}

/** The back end's own words for what it cannot say at all; null where it can. */
export function saidLack(origin: TokenOrigin, what: Charted | Dimension): string | null {
  const text = origin.lacks.find((lack) => lack.what === what)?.text
  return text === undefined ? null : textOf(text)
}

/** Why a measure or dimension is not there: in the back end's own words where it said so. */
export function lackOf(origin: TokenOrigin, what: Charted | Dimension): string {
  const said =
    saidLack(origin, what) ??
    // Of a sum it is enough that one part is not told.
    (what === 'tokens' ? (saidLack(origin, 'input') ?? saidLack(origin, 'output')) : null)
  if (said !== null) return said
  if (origin.state === 'ok' || origin.text === null) return say('tokens.notReported', { source: origin.name })
  return textOf(origin.text)
}
