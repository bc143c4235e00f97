import type { TokensOverview } from '../../../shared/contract/tokens.ts'
import { grouped, inWords, plural } from '../../../shared/model/phrases.ts'
import type { WatchResult } from './observe.ts'
import {
  isAnswering,
  isTroubled,
  type Part,
  partOf,
  sentence,
  slowestOf,
  troubles,
  warnings,
} from './telling.ts'
import { textOf } from '../../../shared/messages/format.ts'

/** One way to tokens, as it was found. */
export interface TokensFound {
  readonly way: 'metering' | 'servers through Prometheus' | 'servers'
  readonly observation: WatchResult
}

const TITLES: Readonly<Record<TokensFound['way'], string>> = {
  metering: 'Metering',
  'servers through Prometheus': 'Inference servers through Prometheus',
  servers: 'Inference servers',
}
const OUT_OF_TIME = 'Not every source could be asked in time: the deadline passed.'

export function describeTokens({ way, observation }: TokensFound): Part {
  return way === 'metering' ? describeMetering(observation) : describeServers(way, observation)
}

function describeMetering({ sources, tokens, complete }: WatchResult): Part {
  const [source] = sources
  const origin = tokens?.origin ?? null
  const answers = source !== undefined && isAnswering(source)
  const ok = answers && complete && isWell(origin)
  const summary = answers
    ? `${source.name} answers in ${Math.round(source.latencyMs ?? 0)} ms`
    : `${source?.name ?? 'it'} does not answer as it should`
  return partOf({ title: TITLES.metering, ok, summary }, [
    ...troubles(sources.filter(isTroubled)),
    ...(answers && tokens !== null ? reachText(tokens, source.lastSuccessAt ?? tokens.at) : []),
    ...(answers && origin !== null && origin.text !== null
      ? [
          `${sentence(textOf(origin.text))} ${origin.nextStep === null ? '' : textOf(origin.nextStep)}`.trimEnd(),
        ]
      : []),
    ...warnings(sources),
    ...lacksOf(origin),
    ...(complete ? [] : [OUT_OF_TIME]),
  ])
}

/** What is no more than the reason for the state stands there already. */
function lacksOf(origin: TokensOverview['origin'] | null): string[] {
  const told = origin?.text ? textOf(origin.text) : ''
  return (origin?.lacks ?? []).map(({ text }) => textOf(text)).filter((text) => text !== told)
}

/** A back end that knows no live usage by its nature is well; its text says so. */
function isWell(origin: TokensOverview['origin'] | null): boolean {
  if (origin === null) return false
  return (
    origin.state === 'ok' ||
    (origin.state === 'partial' && origin.lacks.some(({ what }) => what === 'liveUsage'))
  )
}

function reachText({ origin, rates, dimensions }: TokensOverview, at: number): string[] {
  if (origin.dataAsOf === null) return []
  const { input, output } = rates
  const tenants = dimensions.tenant?.total ?? 0
  const used =
    input === null || output === null
      ? 'how fast is not known yet'
      : `${grouped(Math.round(input + output))} tokens/s${tenants > 0 ? ` by ${plural(tenants, 'tenant')}` : ''}`
  return [`It knows usage up to ${inWords(Math.max(0, at - origin.dataAsOf))} ago: ${used}.`]
}

function describeServers(way: TokensFound['way'], { sources, tokens, complete }: WatchResult): Part {
  const measured = sources.filter(({ kind }) => kind === 'inference')
  const answering = measured.filter(isAnswering)
  const troubled = sources.filter(isTroubled)
  const count = tokens?.servers.count ?? 0
  const silent = tokens?.servers.silent ?? 0
  const found = count > 0 && silent < count
  const ok = complete && troubled.length === 0 && answering.length > 0 && found
  return partOf({ title: TITLES[way], ok, summary: serversText(way, measured, answering, count) }, [
    ...troubles(troubled),
    ...(found && silent > 0 ? [`${grouped(silent)} of them said nothing in the last rounds.`] : []),
    ...warnings(sources),
    ...(answering.length > 0 && !found ? [noServersText(way)] : []),
    ...(complete ? [] : [OUT_OF_TIME]),
  ])
}

function serversText(
  way: TokensFound['way'],
  measured: WatchResult['sources'],
  answering: WatchResult['sources'],
  count: number,
): string {
  if (way === 'servers') {
    if (measured.length === 0) return 'no address was found to ask (an empty discovery?)'
    const verb = measured.length === 1 ? 'answers' : 'answer'
    return `${grouped(answering.length)} of ${grouped(measured.length)} ${verb}${slowestOf(measured)}`
  }
  return answering.length > 0
    ? `${plural(count, 'server')} found${slowestOf(answering)}`
    : `${measured[0]?.address ?? 'it'} does not answer as it should`
}

function noServersText(way: TokensFound['way']): string {
  return way === 'servers'
    ? 'No inference engine is known in the answers. Are these the /metrics of vLLM, NIM, SGLang, Dynamo, TensorRT-LLM, TGI or Triton? Other series are named under inference.names.'
    : 'No inference server has series there. Does this Prometheus scrape them, and does inference.selector fit?'
}
