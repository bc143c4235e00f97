import type { SourceDoubt } from '../../../../shared/model/source.ts'
import { message } from '../../../../shared/messages/message.ts'
import type { Quarantine, Scope } from './budget.ts'
import type { Refusal } from './refusals.ts'
import { MAX_BOARDS_OF_HOST, MAX_INSTANCES, type Registry } from '../places/registry.ts'
import { remarkDoubt } from './remarks.ts'
import type { Sources } from './sources.ts'

/** What the floor has against its sources at `now`, by the name of who is answerable. */
export function doubtsOf(
  registry: Registry,
  sources: Pick<Sources, 'remarks'>,
  now: number,
): Map<string, SourceDoubt[]> {
  const doubts = new Map<string, SourceDoubt[]>()
  const add = (name: string, doubt: SourceDoubt): void => {
    doubts.set(name, [...(doubts.get(name) ?? []), doubt])
  }
  for (const { name, scope, quarantine } of registry.budgets.quarantined(now)) {
    add(name, quarantineDoubt(quarantine, scope))
  }
  for (const refusal of registry.refusals.list(now))
    add(refusal.speaker, refusalDoubt(refusal, registry.mostUnits))
  for (const { speaker, remark } of sources.remarks()) {
    const doubt = remarkDoubt(remark)
    // One Prometheus speaks for many targets; what several of them have in common is one doubt of it.
    if (!doubts.get(speaker)?.some(({ code }) => code === doubt.code)) add(speaker, doubt)
  }
  return doubts
}

function quarantineDoubt({ kind, brought, orMore, limit, inAll }: Quarantine, scope: Scope): SourceDoubt {
  const exactly = message(`doubt.quarantine.new.${kind}`, { brought })
  const names = orMore ? message('doubt.quarantine.atLeast', { names: exactly }) : exactly
  return {
    code: 'quarantine',
    severity: 'advisory',
    what: message(`doubt.quarantine.${kind}`, { whole: message(`doubt.quarantine.whole.${scope}`) }),
    by: message(inAll ? 'doubt.quarantine.by.inAll' : 'doubt.quarantine.by.once', { names, limit }),
    nextStep: message(`doubt.quarantine.next.${scope}`),
  }
}

function refusalDoubt({ kind, where, count }: Refusal, mostUnits: number): SourceDoubt {
  switch (kind) {
    case 'boardsOfHost':
      return {
        code: 'boards-of-host',
        severity: 'advisory',
        what: message('doubt.boardsOfHost', { host: where }),
        by: message('doubt.boardsOfHost.by', { gpus: count, most: MAX_BOARDS_OF_HOST }),
        nextStep: message('doubt.boardsOfHost.next'),
      }
    case 'instancesOfBoard':
      return {
        code: 'instances-of-board',
        severity: 'advisory',
        what: message('doubt.instancesOfBoard', { gpu: where }),
        by: message('doubt.instancesOfBoard.by', { instances: count, most: MAX_INSTANCES }),
        nextStep: message('doubt.instancesOfBoard.next'),
      }
    default:
      return {
        code: 'floor-full',
        severity: 'advisory',
        what: message('doubt.floorFull'),
        by: message('doubt.floorFull.by', { gpus: count, most: mostUnits }),
        nextStep: message('doubt.floorFull.next'),
      }
  }
}
