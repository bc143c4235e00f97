import type { SourceHealth, SourceState } from '../../../shared/model/source.ts'
import { say } from '../../../shared/messages/format.ts'

interface StateWords {
  readonly word: string
  readonly meaning: string
}

/** Each state in a word for the table and a sentence for those who ask. */
export const SOURCE_WORDS: Record<SourceState, StateWords> = {
  ok: { word: say('sources.state.ok'), meaning: say('sources.state.ok.why') },
  slow: { word: say('sources.state.slow'), meaning: say('sources.state.slow.why') },
  failing: { word: say('sources.state.failing'), meaning: say('sources.state.failing.why') },
  backoff: { word: say('sources.state.backoff'), meaning: say('sources.state.backoff.why') },
  standby: { word: say('sources.state.standby'), meaning: say('sources.state.standby.why') },
  unknown: { word: say('sources.state.unknown'), meaning: say('sources.state.unknown.why') },
}

const SLOW: StateWords = { word: say('sources.state.onlySlow'), meaning: say('sources.state.onlySlow.why') }
const PARTIAL: StateWords = {
  word: say('sources.state.partial'),
  meaning: say('sources.state.partial.why'),
}
/** Failures of a source that answers all the same, by their code. */
const ANSWERS_WITHOUT_USE: Readonly<Record<string, StateWords>> = {
  old: { word: say('sources.state.late'), meaning: say('sources.state.late.why') },
  empty: { word: say('sources.state.empty'), meaning: say('sources.state.empty.why') },
}

/** What is true of this source: an answer that is late, partial or empty is not a slow one, and not a failed one. */
export function sourceWords({ state, error, warnings }: SourceHealth): StateWords {
  const useless = ANSWERS_WITHOUT_USE[error?.code ?? '']
  if (useless !== undefined && (state === 'failing' || state === 'backoff')) return useless
  if (state !== 'slow') return SOURCE_WORDS[state]
  return warnings.length > 0 ? PARTIAL : SLOW
}

export const KIND_WORDS: Record<SourceHealth['kind'], string> = {
  prometheus: say('sources.kind.prometheus'),
  exporter: say('sources.kind.exporter'),
  discovery: say('sources.kind.discovery'),
  metering: say('sources.kind.metering'),
  inference: say('sources.kind.inference'),
  store: say('sources.kind.store'),
}

/** Where a source is reached, without what all addresses have: "10.0.0.7:9400". What is no address stays as it is. */
export function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host || address : address
}
