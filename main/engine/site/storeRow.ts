import { textOf } from '../../../shared/messages/format.ts'
import { type Message, message, type MessageId } from '../../../shared/messages/message.ts'
import type { SourceHealth } from '../../../shared/model/source.ts'
import type { StoreHealth } from '../../store/index.ts'

const NEXT_STEPS = {
  full: 'store.next.full',
  readOnly: 'store.next.readOnly',
  broken: 'store.next.broken',
  none: 'store.next.none',
} as const

/** Nothing is kept because nothing was to be kept. */
const ON_PURPOSE: ReadonlySet<MessageId> = new Set(['store.notKept', 'store.setup', 'store.closed'])

/**
 * A store that keeps nothing, or that had to start a new file, stands among the sources of the site and is thereby a finding.
 * @returns null while there is nothing to tell
 */
export function storeRow(health: StoreHealth): SourceHealth | null {
  const told = troubleOf(health)
  if (told === null) return null
  const text = textOf(told.what)
  const nextStep = textOf(told.nextStep)
  return {
    id: 'store',
    kind: 'store',
    name: textOf(message('store.source')),
    address: '',
    state: health.state === 'open' ? 'ok' : 'failing',
    feeding: false,
    lastAttemptAt: null,
    lastSuccessAt: null,
    latencyMs: null,
    samples: null,
    bytes: health.state === 'open' ? health.bytes : null,
    consecutiveFailures: health.state === 'open' ? 0 : 1,
    error: health.state === 'open' ? null : { code: health.state, text, nextStep },
    warnings: [],
    doubts: [
      {
        code: `store-${told.what.id}`,
        severity: 'advisory',
        what: told.what,
        by: null,
        nextStep: told.nextStep,
      },
    ],
    cadenceMs: null,
    nextAttemptAt: null,
  }
}

function troubleOf(health: StoreHealth): { what: Message; nextStep: Message } | null {
  if (health.state === 'open') {
    if (health.notice === null) return null
    return { what: health.notice, nextStep: message('store.next.putAside') }
  }
  if (ON_PURPOSE.has(health.message.id)) return null
  return { what: health.message, nextStep: nextStepOf(health) }
}

function nextStepOf(health: Exclude<StoreHealth, { state: 'open' }>): Message {
  const { id } = health.message
  if (id === 'store.newer' || id === 'store.foreign') return message('store.next.newer')
  return message(NEXT_STEPS[health.state])
}
