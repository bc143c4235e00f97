import { message, type Message } from '../../../shared/messages/message.ts'
import type { PoolState } from './pools.ts'
import type { CauseVerdict, Proposal } from './types.ts'
import type { Evidence } from './verdict.ts'
import { PROMPT_WEIGHT } from './work.ts'

/** The finding in a sentence, and figure by figure what speaks for it. */
export function reasons(
  verdict: CauseVerdict,
  evidence: Evidence,
  proposal: Proposal | null,
  onset: number,
): { readonly headline: Message; readonly why: Message[] } {
  const { tenants, pool, usual, now, minutes } = evidence
  const excess = tenants.reduce((sum, one) => sum + one.excess, 0)
  const growth = tenants.reduce((sum, one) => sum + one.growth, 0)
  const why: Message[] = [
    message('cause.why.load', { change: change(now / usual), minutes: minutes - onset }),
    ...(growth > 0
      ? [message('cause.why.excess', { percent: percent(excess / growth), ofUsual: percent(excess / usual) })]
      : []),
    ...ofServers(pool),
    ...(evidence.unaccounted === null
      ? [message('cause.why.notCompared')]
      : evidence.unaccounted > 0.05 * usual
        ? [message('cause.why.unaccounted', { percent: percent(evidence.unaccounted / usual) })]
        : []),
    ...(evidence.nameless > 0.05 * usual
      ? [message('cause.why.nameless', { percent: percent(evidence.nameless / usual) })]
      : []),
    message('cause.why.method', { weight: String(PROMPT_WEIGHT) }),
  ]
  return { headline: headline(verdict, evidence, proposal), why }
}

function headline(verdict: CauseVerdict, { tenants, pool }: Evidence, proposal: Proposal | null): Message {
  const [first] = tenants
  switch (verdict) {
    case 'tenants':
      return message('cause.tenants', {
        tenants: proposal?.parts.map(({ tenant }) => tenant) ?? [],
        percent: percent(proposal?.share ?? 0),
      })
    case 'over':
      return message('cause.over', { tenant: first?.tenant ?? '' })
    case 'capacityLost':
      return message('cause.capacityLost', {
        now: Math.round(pool.serversNow ?? 0),
        usual: Math.round(pool.serversUsual ?? 0),
      })
    case 'serversSlow':
      return message('cause.serversSlow')
    case 'everyoneGrew':
      return message('cause.everyoneGrew')
    case 'entitledGrowth':
      return message('cause.entitledGrowth')
    case 'unknown':
      return message('cause.unknown.stranger')
    default:
      return message('cause.unclear')
  }
}

function ofServers(pool: PoolState): Message[] {
  if (pool.workRatio === null) return [message('cause.why.noServers')]
  return [
    message('cause.why.done', { change: change(pool.workRatio) }),
    ...(pool.serversRatio !== null && pool.serversRatio < 0.95
      ? [
          message('cause.why.servers', {
            now: Math.round(pool.serversNow ?? 0),
            usual: Math.round(pool.serversUsual ?? 0),
          }),
        ]
      : []),
    ...(pool.paceRatio === null ? [] : [message('cause.why.pace', { change: change(pool.paceRatio) })]),
    ...(pool.waiting === null
      ? []
      : [
          message('cause.why.waiting', {
            now: Math.round(pool.waiting),
            usual: Math.round(pool.waitingUsual ?? 0),
          }),
        ]),
  ]
}

/** "34 % more", "as much", "12 % less": of what it was. */
function change(ratio: number): Message {
  const by = Math.round(Math.abs(ratio - 1) * 100)
  if (!Number.isFinite(by)) return message('cause.change.new')
  if (by < 3) return message('cause.change.same')
  return ratio > 1
    ? message('cause.change.more', { percent: by })
    : message('cause.change.less', { percent: by })
}

function percent(share: number): number {
  return Number.isFinite(share) ? Math.round(share * 100) : 0
}
