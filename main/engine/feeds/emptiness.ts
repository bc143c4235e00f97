import { knownExporterOf, unreadExporterText } from '../../../shared/model/exporters.ts'
import { fieldCodeOfSeries } from '../../../shared/model/field.ts'
import type { SourceError } from '../../../shared/model/source.ts'
import { plural } from '../../../shared/model/phrases.ts'
import type { Scrape, ScrapeTarget } from '../../sources/exposition/index.ts'

/**
 * Why an exporter's answer says nothing about GPUs although it came with HTTP 200; null where it does. Nothing in an
 * answer is a failure of its source, not an empty floor.
 */
export function emptinessOf(
  target: ScrapeTarget,
  { series, passedOver }: Scrape['parsed'],
  declaresGpus: boolean,
): SourceError | null {
  if (series.some(({ name }) => fieldCodeOfSeries(name) >= 0)) return null
  const count = series.length + passedOver
  const other = knownExporterOf(series.map(({ name }) => name))
  const found =
    count === 0
      ? declaresGpus
        ? 'names the fields of GPUs and not one GPU'
        : 'answers with no series at all'
      : `answers with ${plural(count, 'series', 'series')}, none of which Floorwatch understands${other === null ? exampleOf(series) : `: ${unreadExporterText(other)}`}`
  return {
    code: 'empty',
    text: `dcgm-exporter ${target.name} ${found}; expected DCGM_FI_… of at least one GPU`,
    nextStep:
      count === 0
        ? 'See whether nvidia-smi lists GPUs on the host, then look at the log of dcgm-exporter.'
        : 'Check that the address is that of dcgm-exporter.',
  }
}

function exampleOf(series: Scrape['parsed']['series']): string {
  const name = series[0]?.name.slice(0, 80)
  return name === undefined ? '' : ` (such as ${name})`
}
