import { message, type Message } from '../../../shared/messages/message.ts'
import type { BurnState, Objective } from '../../../shared/model/objective.ts'
import {
  burnText,
  latencyText,
  leadingPair,
  percentText,
  shareText,
  windowText,
} from '../../../shared/model/objectiveWords.ts'
import { grouped, inWords } from '../../../shared/model/phrases.ts'
import type { ChosenBucket } from './bucket.ts'
import { exceeds, LEAST_COVERAGE } from './burn.ts'
import { MINUTE_MS } from './ledger.ts'

export type Judged = Omit<BurnState, 'why'>

/** Answers that are this old are worth a word, ms. */
const LATE_MS = 3 * MINUTE_MS
/** Bounds of the budget closer than this are one figure. */
const SAME_BUDGET = 0.005

/**
 * How an objective stands, as sentences in the order in which one wants to know them.
 * @param trouble what keeps the source from telling
 */
export function wordsOf(objective: Objective, state: Judged, trouble: readonly Message[]): Message[] {
  if (state.asOf === null || state.knownFrom === null) return [message('slo.why.waiting'), ...trouble]
  return [
    ...alertWords(objective, state),
    ...trouble,
    ...budgetWords(objective, state),
    ...sliWords(objective, state),
    ...knownWords(objective, state),
  ]
}

function alertWords({ minBad }: Objective, state: Judged): Message[] {
  const { frozenSince, at, pairs } = state
  const frozen = frozenSince === null ? [] : [message('slo.why.frozen', { time: inWords(at - frozenSince) })]
  const firing = pairs.filter((pair) => pair.firing)
  const leading = firing.length > 0 ? leadingPair({ pairs: firing }) : null
  if (leading?.long?.burn != null) {
    const { long, longMs, shortMs, factor } = leading
    return [
      ...frozen,
      message('slo.why.firing', {
        burn: burnText(leading.long.burn).replace('×', ''),
        long: windowText(longMs),
        short: windowText(shortMs),
        bad: countText(long?.bad ?? 0),
        total: countText(long?.total ?? 0),
        factor: burnText(factor).replace('×', ''),
      }),
    ]
  }
  switch (state.state) {
    case 'pending': {
      const pair = pairs.find((each) => exceeds(each.short, each))
      return pair === undefined ? frozen : [...frozen, pendingWords(pair, minBad)]
    }
    case 'resolved':
      return [...frozen, message('slo.why.resolved')]
    case 'idle':
      return [...frozen, message('slo.why.idle', { short: windowText(pairs[0]?.shortMs ?? 5 * MINUTE_MS) })]
    case 'unknown': {
      const blind = pairs.flatMap(({ long, short, longMs, shortMs }) => [
        ...(short !== null && short.coverage < LEAST_COVERAGE ? [{ ...short, ms: shortMs }] : []),
        ...(long !== null && long.coverage < LEAST_COVERAGE ? [{ ...long, ms: longMs }] : []),
      ])[0]
      if (blind === undefined) return frozen
      const values = { coverage: shareText(blind.coverage), short: windowText(blind.ms) }
      return [...frozen, message('slo.why.unknown', values)]
    }
    default:
      return frozen
  }
}

function pendingWords(pair: BurnState['pairs'][number], minBad: number): Message {
  const burn = burnText(pair.short?.burn ?? 0).replace('×', '')
  if (exceeds(pair.long, pair)) {
    return message('slo.why.pending.few', { burn, bad: Math.round(pair.long?.bad ?? 0), least: minBad })
  }
  return message('slo.why.pending.long', {
    short: windowText(pair.shortMs),
    burn,
    long: windowText(pair.longMs),
    longBurn: burnText(pair.long?.burn ?? 0).replace('×', ''),
    factor: burnText(pair.factor).replace('×', ''),
  })
}

function budgetWords({ windowDays, target }: Objective, { budget, exhaustionMs }: Judged): Message[] {
  if (budget === null) return []
  if (budget.left <= 0) {
    const { bad, total } = budget
    return [
      message('slo.why.gone', {
        days: windowDays,
        bad: countText(bad),
        total: countText(total),
        target: percentText(target),
      }),
    ]
  }
  if (exhaustionMs === null) return []
  return [message('slo.why.exhaustion', { left: shareText(budget.left), time: inWords(exhaustionMs) })]
}

function sliWords({ target, latency }: Objective, { sli, bucket }: Judged): Message[] {
  const ratio =
    sli === null || sli.total <= 0
      ? []
      : [
          message('slo.why.sli', {
            ratio: shareText(sli.good / sli.total),
            bad: countText(sli.bad),
            total: countText(sli.total),
            target: percentText(target),
          }),
        ]
  if (bucket === undefined || latency === undefined) return ratio
  return [
    ...ratio,
    message('slo.why.bucket', { used: latencyText(bucket.used * 1000) }),
    ...band(sli, bucket, latency.thresholdMs),
  ]
}

function band(sli: Judged['sli'], { next }: ChosenBucket, thresholdMs: number): Message[] {
  if (next === null || sli === null || sli.total <= 0) return []
  return [
    message('slo.why.band', {
      next: latencyText(next * 1000),
      ratio: shareText(1 - sli.badLeast / sli.total),
      threshold: latencyText(thresholdMs),
    }),
  ]
}

function knownWords({ windowDays }: Objective, state: Judged): Message[] {
  const { asOf, knownFrom, at, budget, coverage } = state
  const words: Message[] = []
  if (asOf !== null && at - asOf > LATE_MS) words.push(message('slo.why.late', { time: inWords(at - asOf) }))
  if (asOf !== null && knownFrom !== null && asOf - knownFrom < windowDays * 1440 * MINUTE_MS - MINUTE_MS) {
    words.push(message('slo.why.young', { time: inWords(asOf - knownFrom), days: windowDays }))
  }
  if (
    budget !== null &&
    asOf !== null &&
    knownFrom !== null &&
    budget.leftBest - budget.leftWorst > SAME_BUDGET
  ) {
    words.push(
      message('slo.why.unmeasured', {
        time: inWords((1 - coverage) * (asOf - knownFrom)),
        worst: shareText(budget.leftWorst),
        best: shareText(budget.leftBest),
      }),
    )
  }
  return words
}

/** Events are counted; of a PromQL pair they are extrapolated and have fractions that mean nothing. */
function countText(count: number): string {
  return grouped(Math.round(count))
}
