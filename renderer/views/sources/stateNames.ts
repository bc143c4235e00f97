import type { SourceHealth, SourceState } from '../../../shared/model/source.ts'

/** Each state in a word for the table and a sentence for those who ask. */
export const SOURCE_WORDS: Record<SourceState, { readonly word: string; readonly meaning: string }> = {
  ok: { word: 'answers', meaning: 'The last attempt succeeded in good time.' },
  slow: { word: 'slow', meaning: 'It answers late, or only in part.' },
  failing: { word: 'failing', meaning: 'The last attempt failed; the next one comes at its usual time.' },
  backoff: { word: 'backing off', meaning: 'Several attempts failed; the pauses between them grow.' },
  standby: { word: 'standby', meaning: 'It is not asked now, because the other way feeds the floor.' },
  unknown: { word: 'not asked yet', meaning: 'Nothing is known about it: it has not been asked yet.' },
}

export const KIND_WORDS: Record<SourceHealth['kind'], string> = {
  prometheus: 'Prometheus',
  exporter: 'exporter',
  discovery: 'discovery',
  metering: 'metering',
  inference: 'inference server',
}
