import { message, type Message } from '../messages/message.ts'
import { inWords } from './phrases.ts'
import type { BurnState, Objective } from './objective.ts'
import { figureText } from './units.ts'

/** "95 %", "99.9 %", "99.95 %": as many digits as it was given with. */
export function percentText(share: number): string {
  const percent = Number((share * 100).toPrecision(8))
  return figureText(percent, { unit: '%', digits: Math.min(4, decimalsOf(percent)) })
}

function decimalsOf(value: number): number {
  return (String(value).split('.')[1] ?? '').length
}

/**
 * A share of events, rounded, and never to a whole that it is not: 99.996 % is not 100 %.
 * @param share 0–1
 */
export function shareText(share: number): string {
  const percent = share * 100
  const digits = percent > 99 || percent < 1 ? 2 : 1
  const rounded = Number(percent.toFixed(digits))
  if (rounded === 100 && percent < 100) return `>${figureText(99.99, { unit: '%', digits: 2 })}`
  if (rounded === 0 && percent > 0) return `<${figureText(0.01, { unit: '%', digits: 2 })}`
  return figureText(percent, { unit: '%', digits: rounded === 100 || rounded === 0 ? 0 : digits })
}

/** "14.6×", "0.4×", "0×". */
export function burnText(burn: number): string {
  return figureText(burn, { unit: '×', digits: burn >= 99.95 ? 0 : burn === 0 ? 0 : 1 })
}

/** "500 ms", "2.5 s", "0.5 s" stays 500 ms. */
export function latencyText(ms: number): string {
  return ms < 1000
    ? figureText(ms, { unit: 'ms', digits: decimalsOf(Number(ms.toPrecision(6))) })
    : figureText(ms / 1000, { unit: 's', digits: decimalsOf(Number((ms / 1000).toPrecision(6))) })
}

/** "at least 95 % of requests of llama-3.3-70b at chat start within 500 ms". */
export function owedOf({ kind, latency, target, scope }: Objective): Message {
  const values = { target: percentText(target), scope: scopeOf(scope) }
  if (kind === 'latency' && latency !== undefined) {
    return message(`slo.owed.latency.${latency.kind}`, {
      ...values,
      threshold: latencyText(latency.thresholdMs),
    })
  }
  if (kind === 'errorTokens') return message('slo.owed.errorTokens', values)
  if (kind === 'ratio') return message('slo.owed.ratio', { target: values.target })
  return message('slo.owed.availability', values)
}

function scopeOf({ model, endpoint, tenant }: Objective['scope']): Message {
  if (model === undefined && endpoint === undefined && tenant === undefined) return message('slo.scope.all')
  return message('slo.scope.some', {
    names: [model, endpoint, tenant].filter((name) => name !== undefined).join(' · '),
  })
}

/** The pair that is nearest to firing, or fires most: what one figure stands for an objective by. Null where none is known. */
export function leadingPair(state: Pick<BurnState, 'pairs'>): BurnState['pairs'][number] | null {
  let leading: { readonly pair: BurnState['pairs'][number]; readonly by: number } | null = null
  for (const pair of state.pairs) {
    const by = strengthOf(pair)
    if (by !== null && (leading === null || by > leading.by)) leading = { pair, by }
  }
  return leading?.pair ?? null
}

/** Burn ÷ factor that both windows bear out: above 1 the pair fires. Null where one of them is not known. */
export function strengthOf({ long, short, factor }: BurnState['pairs'][number]): number | null {
  if (long?.burn == null || short === null) return null
  const now = short.burn ?? (short.total === 0 ? 0 : null)
  return now === null ? null : Math.min(long.burn, now) / factor
}

/** "1 h", "5 min", "3 d": a window. */
export function windowText(ms: number): string {
  const [DAY, HOUR, MINUTE] = [86_400_000, 3_600_000, 60_000]
  if (ms >= DAY && ms % DAY === 0) return figureText(ms / DAY, { unit: 'd', kind: 'count' })
  if (ms >= HOUR && ms % HOUR === 0) return figureText(ms / HOUR, { unit: 'h', kind: 'count' })
  return ms % MINUTE === 0 ? figureText(ms / MINUTE, { unit: 'min', kind: 'count' }) : inWords(ms)
}
