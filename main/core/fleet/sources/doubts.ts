import type { SourceDoubt } from '../../../../shared/model/source.ts'
import { grouped, plural } from '../../../../shared/model/phrases.ts'
import type { Budgeted, Quarantine, Scope } from './budget.ts'
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

const NOUNS: Readonly<Record<Budgeted, readonly [one: string, many: string]>> = {
  hosts: ['host', 'hosts'],
  gpus: ['GPU', 'GPUs'],
  instances: ['MIG instance', 'MIG instances'],
  pods: ['change of pods', 'changes of pods'],
  models: ['GPU model', 'GPU models'],
}

const NEXT_STEPS: Readonly<Record<Scope, string>> = {
  machine:
    'See what answers at this address: a load balancer in front of many exporters, or an exporter whose names change. List every exporter by itself. What is named the same for two minutes is believed.',
  floor:
    'See which job makes up names (count by instance), and leave it out with prometheus.selector. What is named the same for two minutes is believed.',
}

function quarantineDoubt({ kind, brought, orMore, limit, inAll }: Quarantine, scope: Scope): SourceDoubt {
  const [one, many] = NOUNS[kind]
  const atLeast = orMore ? 'at least ' : ''
  const whole = scope === 'machine' ? 'one exporter' : 'one Prometheus'
  return {
    code: 'quarantine',
    severity: 'advisory',
    what: `In quarantine: it names more ${many} than ${whole} may; what was known goes on, nothing new is learnt from it`,
    by: inAll
      ? `${atLeast}${plural(brought, `new ${one}`, `new ${many}`)} beyond ${grouped(limit)} in all`
      : `${atLeast}${plural(brought, `new ${one}`, `new ${many}`)} in one answer, at most ${grouped(limit)} at once`,
    nextStep: NEXT_STEPS[scope],
  }
}

function refusalDoubt({ kind, where, count }: Refusal, mostUnits: number): SourceDoubt {
  switch (kind) {
    case 'boardsOfHost':
      return {
        code: 'boards-of-host',
        severity: 'advisory',
        what: `${where} claims more GPUs than any machine carries; the others are not shown`,
        by: `${plural(count, 'GPU')} beyond ${MAX_BOARDS_OF_HOST}`,
        nextStep:
          'See whether several machines share this Hostname (set NODE_NAME for every exporter), and why their series carry no gpu label from 0 to 1023.',
      }
    case 'instancesOfBoard':
      return {
        code: 'instances-of-board',
        severity: 'advisory',
        what: `${where} claims more MIG instances than any board has; the others are not shown`,
        by: `${plural(count, 'instance')} beyond ${MAX_INSTANCES}`,
        nextStep: 'Compare GPU_I_ID with nvidia-smi mig -lgi on the host; restart its exporter.',
      }
    default:
      return {
        code: 'floor-full',
        severity: 'advisory',
        what: 'The floor is full; what this source names beyond is not shown',
        by: `${plural(count, 'GPU')} beyond ${grouped(mostUnits)} GPUs and instances`,
        nextStep: 'See whether a source makes names up; watch a part of the floor with prometheus.selector.',
      }
  }
}
