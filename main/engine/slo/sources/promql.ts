import { type Message, message } from '../../../../shared/messages/message.ts'
import type { ObjectiveOptions } from '../../../config/types.ts'
import { type Minute, MINUTE_MS } from '../../../core/slo/index.ts'
import { durationText } from '../../../platform/promql.ts'
import { onGrid, type PrometheusClient } from '../../../sources/prometheus/index.ts'
import type { MinuteAnswer, MinuteSource } from './source.ts'

/** `increase` is extrapolated: parts may outgrow the whole by this much. */
const EXTRAPOLATION = 0.05
/** The newest samples are scraped and stored by then, ms. */
const SETTLE_MS = 30_000

/** A pair of expressions, asked as increases over a window that ends at whole minutes. */
export function promqlMinutes(
  { promql }: ObjectiveOptions,
  client: Pick<PrometheusClient, 'queryRange'>,
  name: Message,
): MinuteSource {
  if (promql === null) throw new Error('an objective of PromQL has its expressions')
  const { windowMs, total } = promql
  const isGood = 'good' in promql
  const part = 'good' in promql ? promql.good : promql.bad
  const text = (expression: string) => expression.replaceAll('$window', durationText(windowMs))

  return {
    reachBackMs: Number.POSITIVE_INFINITY,
    spanMs: 12 * 3_600_000,
    repeatMs: Math.max(5 * MINUTE_MS, 2 * windowMs),
    settleMs: SETTLE_MS,
    patienceMs: 3 * MINUTE_MS + windowMs,
    name,
    async ask(fromMs, toMs, signal): Promise<MinuteAnswer> {
      // Windows that end in the stretch, on the grid of the window.
      const first = Math.floor(fromMs / windowMs) * windowMs + windowMs
      const last = Math.floor(toMs / windowMs) * windowMs
      if (last < first) return { minutes: [], toldUntil: fromMs, trouble: [] }
      const window = { fromMs: first, toMs: last, stepMs: windowMs }
      const asked = { signal, aside: true }
      const answers = await Promise.all([
        client.queryRange(text(part), window, asked),
        client.queryRange(text(total), window, asked),
      ])
      const [some, all] = answers.map(({ value }) =>
        value[0] === undefined ? null : onGrid(value[0], window),
      )
      const isPartial = answers.some(({ partial }) => partial)
      const trouble: Message[] = []
      const which = [isGood ? 'good' : 'bad', 'total']
      answers.forEach(({ value }, index) => {
        if (value.length > 1) {
          trouble.push(
            message('slo.source.promql.several', { which: which[index] ?? '', count: value.length }),
          )
        } else if (value.length === 0) {
          trouble.push(message('slo.source.promql.empty', { which: which[index] ?? '' }))
        }
      })
      const several = answers.some(({ value }) => value.length > 1)
      const minutes: Minute[] = []
      let outgrown = false
      for (let step = 0, end = first; end <= last; step += 1, end += windowMs) {
        const events = eventsOf(some?.[step] ?? Number.NaN, all?.[step] ?? Number.NaN, isGood)
        outgrown ||= events === 'outgrown'
        const share = windowMs / MINUTE_MS
        for (let at = end - windowMs; at < end; at += MINUTE_MS) {
          if (at < fromMs) continue
          minutes.push(
            events !== null && events !== 'outgrown' && !isPartial && !several
              ? {
                  at,
                  good: events.good / share,
                  bad: events.bad / share,
                  badLeast: events.bad / share,
                  known: 1,
                }
              : { at, good: 0, bad: 0, badLeast: 0, known: 0 },
          )
        }
      }
      if (outgrown) trouble.push(message('slo.source.promql.more', { which: which[0] ?? '' }))
      if (isPartial) {
        const what = answers.flatMap(({ warnings }) => warnings).join('; ')
        trouble.push(message('slo.source.incomplete', { what }))
      }
      return { minutes, toldUntil: last, trouble }
    },
  }
}

/** An absent or impossible figure is not known; where nothing happened at all, no part of it did. */
function eventsOf(
  some: number,
  all: number,
  isGood: boolean,
): { good: number; bad: number } | 'outgrown' | null {
  if (all === 0 && !(some > 0)) return { good: 0, bad: 0 }
  if (!(all >= 0) || !(some >= 0) || !Number.isFinite(all)) return null
  if (some > all * (1 + EXTRAPOLATION)) return 'outgrown'
  const part = Math.min(some, all)
  return isGood ? { good: part, bad: all - part } : { good: all - part, bad: part }
}
