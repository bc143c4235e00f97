import type { Verdict } from '../../../../shared/contract/console.ts'
import type { PrometheusOptions } from '../../../config/types.ts'
import { SourceFailure } from '../../../platform/failure.ts'
import {
  floorSizeQuery,
  type PrometheusClient,
  sampleAgeQuery,
  selector,
} from '../../../sources/prometheus/index.ts'
import { inWords, plural } from '../../../../shared/model/phrases.ts'
import { openPrometheus } from '../../site/prometheusAccess.ts'
import { PROBE_DEADLINE_MS, type ProbeOptions } from './options.ts'

const OLD_MS = 60_000

/** @throws SourceFailure when it does not answer as a Prometheus does */
export async function probePrometheus(
  prometheus: PrometheusOptions,
  { clock, signal }: ProbeOptions,
): Promise<Verdict> {
  const { client, close } = openPrometheus(prometheus, clock, 2, PROBE_DEADLINE_MS)
  try {
    return await look(client, signal)
  } finally {
    await close()
  }
}

async function look(client: PrometheusClient, signal: AbortSignal): Promise<Verdict> {
  const size = await client.query(floorSizeQuery(''), { signal })
  const title = await titleOf(client, signal)
  const took = inWords(size.latencyMs)
  const units = size.value.values[0] ?? 0
  const details = [...size.warnings]
  if (units === 0) {
    const any = await client.query(`count(${selector('up')})`, { signal })
    const targets = any.value.values[0] ?? 0
    return {
      ok: false,
      title: `${title} answers in ${took}, but has no GPU series.`,
      details: [
        `It scrapes ${plural(targets, 'target')}, none of them a dcgm-exporter with GPUs.`,
        ...details,
      ],
      nextStep:
        'Add the dcgm-exporters to what it scrapes, or enter the address of the Prometheus that has them.',
    }
  }
  const ages = await client.query(sampleAgeQuery(''), { signal })
  const newest = ages.value.values.reduce((latest, at) => Math.max(latest, at), Number.NEGATIVE_INFINITY)
  const age = ages.value.evaluatedAt === null ? null : ages.value.evaluatedAt - newest * 1000
  if (age !== null && Number.isFinite(age)) details.push(`The newest sample is ${inWords(age)} old.`)
  return {
    ok: true,
    title: `${title} answers in ${took}; ${plural(units, 'GPU or MIG instance', 'GPUs and MIG instances')} from ${plural(ages.value.series.length, 'exporter')}.`,
    details,
    nextStep:
      age !== null && age > OLD_MS
        ? 'It can be saved, but its samples are old: look at its scrape interval and its targets.'
        : 'Save it.',
  }
}

/** Not every compatible back end says what it is. */
async function titleOf(client: PrometheusClient, signal: AbortSignal): Promise<string> {
  try {
    const { title } = (await client.buildInfo({ signal })).value
    return title.charAt(0).toUpperCase() + title.slice(1)
  } catch (error) {
    if (error instanceof SourceFailure) return 'The server'
    throw error
  }
}
