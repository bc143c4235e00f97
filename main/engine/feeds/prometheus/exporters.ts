import type { SourceDoubt } from '../../../../shared/model/source.ts'
import { firstOf, type Message, message } from '../../../../shared/messages/message.ts'
import {
  type Answered,
  type ExporterTarget,
  STRANGER,
  type Vector,
} from '../../../sources/prometheus/index.ts'
import type { SampleTimes } from './sheet.ts'

/** The exporter targets that Prometheus scrapes, by its own word (`up`). */
export interface Exporters {
  readonly targets: ReadonlyMap<string, ExporterTarget>
  /** Instances whose last scrape failed. */
  readonly down: readonly string[]
  /** The answer may lack targets, or there was none. */
  readonly partial: boolean
}

export const NO_EXPORTERS: Exporters = { targets: new Map(), down: [], partial: true }
const MAX_NAMED = 3
const MAX_NAME = 80

/** Targets that Prometheus reaches, by its own word. */
export function answeringOf({ targets, down }: Exporters): ReadonlySet<string> {
  const isDown = new Set(down)
  return new Set([...targets.keys()].filter((instance) => !isDown.has(instance)))
}

export function readExporters({ value, partial }: Answered<Vector>): Exporters {
  const targets = new Map<string, ExporterTarget>()
  const down: string[] = []
  value.series.forEach((series, i) => {
    if (series === STRANGER) return
    const { labels } = series
    const instance = labels.get('instance') ?? ''
    targets.set(instance, {
      instance,
      job: labels.get('job') ?? '',
      pod: labels.get('pod') ?? '',
      namespace: labels.get('namespace') ?? '',
      container: labels.get('container') ?? '',
    })
    if (value.values[i] === 0) down.push(instance)
  })
  return { targets, down, partial }
}

/**
 * What `up` says against the figures: exporters that Prometheus does not reach, and such as it reaches that bring no GPU.
 * Without this a host that never came is one that does not exist. A job that scrapes all sorts of things says nothing
 * about exporters: only one of which half of the living targets bring GPUs is looked at.
 */
export function unreachedDoubts(
  { targets, down }: Exporters,
  times: SampleTimes,
): { doubts: SourceDoubt[]; unreached: readonly string[] } {
  const isDown = new Set(down)
  const ofJobs = Map.groupBy(targets.values(), ({ job }) => job)
  const judged = [...ofJobs.values()].flatMap((job) => {
    const living = job.filter(({ instance }) => !isDown.has(instance))
    const bringing = living.filter(({ instance }) => times.has(instance))
    return bringing.length > 0 && 2 * bringing.length >= living.length
      ? job.map(({ instance }) => instance)
      : []
  })
  const unreached = judged.filter((instance) => isDown.has(instance))
  const silent = judged.filter((instance) => !isDown.has(instance) && !times.has(instance))
  const doubts: SourceDoubt[] = []
  if (unreached.length > 0) {
    doubts.push({
      code: 'unreached',
      severity: 'advisory',
      what: message('doubt.unreached', { unreached: unreached.length, all: judged.length }),
      by: named(unreached),
      nextStep: message('doubt.unreached.next'),
    })
  }
  if (silent.length > 0) {
    doubts.push({
      code: 'no-gpus',
      severity: 'advisory',
      what: message('doubt.noGpus', { exporters: silent.length }),
      by: named(silent),
      nextStep: message('doubt.noGpus.next'),
    })
  }
  return { doubts, unreached }
}

function named(instances: readonly string[]): Message {
  return firstOf(
    instances.slice(0, MAX_NAMED).map((instance) => instance.slice(0, MAX_NAME)),
    MAX_NAMED,
    instances.length,
  )
}
