import type { Verdict } from '../../../../shared/contract/console.ts'
import { fieldCodeOfSeries } from '../../../../shared/model/field.ts'
import type { ExporterOptions } from '../../../config/types.ts'
import { describeFailure, describeStatus, SourceFailure } from '../../../platform/failure.ts'
import { boundedRequest } from '../../../platform/http/index.ts'
import { secretScope } from '../../../platform/secretScope.ts'
import { createTargetParser, ExpositionError, type ScrapedSeries } from '../../../sources/exposition/index.ts'
import { grouped, inWords, plural } from '../../../../shared/model/phrases.ts'
import { openAccess } from '../../access.ts'
import { PROBE_DEADLINE_MS, type ProbeOptions } from './options.ts'

/**
 * @param url as it will be scraped
 * @throws SourceFailure when it does not answer with an exposition
 */
export async function probeExporter(
  { access: how, limits }: ExporterOptions,
  url: string,
  { signal }: ProbeOptions,
): Promise<Verdict> {
  const access = openAccess(how, secretScope([url]), 1)
  const place = { source: 'exporter', address: url }
  try {
    const answer = await boundedRequest({
      url,
      agent: access.agent,
      authorise: access.authorise,
      headers: access.headers,
      deadlineMs: PROBE_DEADLINE_MS,
      maxBodyBytes: limits.maxBodyBytes,
      signal,
    })
    if (answer.status !== 200) throw new SourceFailure(describeStatus(answer.status, place))
    const { series, refused } = await createTargetParser(limits).parseInTurns(answer.body)
    return verdictOf(series, refused, answer.latencyMs)
  } catch (error) {
    if (!(error instanceof ExpositionError)) throw new SourceFailure(describeFailure(error, place), error)
    throw new SourceFailure({
      code: 'parse',
      text: `It answers, but not with metrics: ${error.message}.`,
      nextStep: "Enter the address of a dcgm-exporter's metrics, such as http://host:9400/metrics.",
    })
  } finally {
    await access.agent.close()
  }
}

/** What one scrape shows, in plain words. Pure. */
export function verdictOf(
  series: readonly ScrapedSeries[],
  refused: readonly string[],
  latencyMs: number,
): Verdict {
  const known = series.filter(({ name }) => fieldCodeOfSeries(name) >= 0)
  const distinct = (...names: string[]) =>
    new Set(known.flatMap(({ labels }) => names.flatMap((name) => labels.get(name) ?? []).slice(0, 1)))
  const gpus = new Set(
    known.map(({ labels }) => labels.get('gpu') ?? labels.get('UUID') ?? '').filter(Boolean),
  )
  const took = inWords(latencyMs)
  if (gpus.size === 0) {
    return {
      ok: false,
      title: `It answers in ${took} with ${grouped(series.length)} series, but none of them is of a GPU.`,
      details: [...refused],
      nextStep: 'Enter the address of a dcgm-exporter; its metrics begin with DCGM_FI_.',
    }
  }
  const hosts = [...distinct('Hostname', 'hostname')]
  const instances = known.filter(({ labels }) => labels.has('GPU_I_ID'))
  const mig = new Set(instances.map(({ labels }) => `${labels.get('gpu')}/${labels.get('GPU_I_ID')}`)).size
  return {
    ok: true,
    title: `It answers in ${took}: ${plural(gpus.size, 'GPU')}${hosts.length > 0 ? ` on ${hosts.slice(0, 3).join(', ')}` : ''}.`,
    details: [
      `${plural(series.length, 'series', 'series')}, ${grouped(known.length)} of them known to Floorwatch.`,
      hostLabelOf(known),
      ...(mig > 0 ? [`${plural(mig, 'MIG instance')}.`] : []),
      ...(known.some(({ name }) => name.startsWith('DCGM_FI_PROF_'))
        ? []
        : ['It sends no profiling metrics, so activity is shown by GPU utilisation alone.']),
      ...refused,
    ],
    nextStep: 'Save it.',
  }
}

function hostLabelOf(known: readonly ScrapedSeries[]): string {
  const spellings = ['Hostname', 'hostname'].filter((name) => known.some(({ labels }) => labels.has(name)))
  return spellings.length === 0
    ? 'It names no host: the address stands in for it.'
    : `Its host label is spelled ${spellings.join(' and ')}.`
}
