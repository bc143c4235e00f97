import type { SourceHealth, SourceState } from '../../../shared/model/source.ts'

interface StateWords {
  readonly word: string
  readonly meaning: string
}

/** Each state in a word for the table and a sentence for those who ask. */
export const SOURCE_WORDS: Record<SourceState, StateWords> = {
  ok: { word: 'answers', meaning: 'The last attempt succeeded in good time.' },
  slow: { word: 'slow or partial', meaning: 'Its answers take long, or lack a part.' },
  failing: { word: 'failing', meaning: 'The last attempt failed; the next one comes at its usual time.' },
  backoff: { word: 'backing off', meaning: 'Several attempts failed; the pauses between them grow.' },
  standby: { word: 'standby', meaning: 'It is not asked now, because the other way feeds the floor.' },
  unknown: { word: 'not asked yet', meaning: 'Nothing is known about it: it has not been asked yet.' },
}

const SLOW: StateWords = { word: 'slow', meaning: 'Its answers take long.' }
const PARTIAL: StateWords = {
  word: 'partial',
  meaning: 'It answers, and a part of the answer is missing or was not read.',
}
/** Failures of a source that answers all the same, by their code. */
const ANSWERS_WITHOUT_USE: Readonly<Record<string, StateWords>> = {
  old: { word: 'late', meaning: 'It answers in time, with samples that are too old.' },
  empty: { word: 'empty', meaning: 'It answers, and has nothing to say.' },
}

/** What is true of this source: an answer that is late, partial or empty is not a slow one, and not a failed one. */
export function sourceWords({ state, error, warnings }: SourceHealth): StateWords {
  const useless = ANSWERS_WITHOUT_USE[error?.code ?? '']
  if (useless !== undefined && (state === 'failing' || state === 'backoff')) return useless
  if (state !== 'slow') return SOURCE_WORDS[state]
  return warnings.length > 0 ? PARTIAL : SLOW
}

export const KIND_WORDS: Record<SourceHealth['kind'], string> = {
  prometheus: 'Prometheus',
  exporter: 'exporter',
  discovery: 'discovery',
  metering: 'metering',
  inference: 'inference server',
  store: 'store',
}

/** Where a source is reached, without what all addresses have: "10.0.0.7:9400". What is no address stays as it is. */
export function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host || address : address
}
