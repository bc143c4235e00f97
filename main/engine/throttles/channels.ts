import { COMMANDS, STREAMS } from '../../../shared/contract/contract.ts'
import type { Decider } from '../../actions/index.ts'
import {
  actingPerson,
  bindCommand,
  bindStream,
  type Caller,
  type Channels,
  type OutputChecks,
} from '../session/bind.ts'
import type { SiteThrottles } from './throttles.ts'

type OfThrottles<Names> = Extract<Names, `throttles.${string}`>

/** Time left is counted on the screen; facts and series change with what gateways and metering tell, ms. */
const EVERY_MS = 450

export function throttleCommandChannels(
  throttles: () => SiteThrottles,
): Pick<Channels['commands'], OfThrottles<keyof Channels['commands']>> {
  return {
    'throttles.preview': bindCommand(COMMANDS['throttles.preview'], (question, { signal }) =>
      throttles().preview(question, signal),
    ),
    'throttles.commit': bindCommand(COMMANDS['throttles.commit'], (asked, caller) =>
      throttles().commit(asked, deciderOf(caller)),
    ),
    'throttles.extend': bindCommand(COMMANDS['throttles.extend'], (asked, caller) =>
      throttles().extend(asked, deciderOf(caller)),
    ),
    'throttles.tighten': bindCommand(COMMANDS['throttles.tighten'], (asked, caller) =>
      throttles().tighten(asked, deciderOf(caller)),
    ),
    'throttles.release': bindCommand(COMMANDS['throttles.release'], (asked, caller) =>
      throttles().release(asked, deciderOf(caller)),
    ),
  }
}

export function throttleStreamChannels(
  throttles: () => SiteThrottles,
  checks: OutputChecks,
): Pick<Channels['streams'], OfThrottles<keyof Channels['streams']>> {
  return {
    'throttles.active': bindStream(STREAMS['throttles.active'], checks, {
      everyMs: EVERY_MS,
      read: () => throttles().list(),
      fingerprint: withoutTime,
    }),
    'throttles.throttle': bindStream(STREAMS['throttles.throttle'], checks, {
      everyMs: EVERY_MS,
      read: ({ id }) => throttles().detail(id),
      fingerprint: (item) => (item === null ? null : withoutTime(item)),
    }),
    'throttles.freshness': bindStream(STREAMS['throttles.freshness'], checks, {
      everyMs: EVERY_MS,
      read: ({ previewId }) => throttles().freshness(previewId),
      fingerprint: JSON.stringify,
    }),
  }
}

function deciderOf(caller: Caller): Decider {
  return { person: actingPerson(caller), origin: caller.origin.console }
}

/** What an item says, whenever it was put together. */
function withoutTime(item: { readonly at: number }): string {
  return JSON.stringify({ ...item, at: 0 })
}
