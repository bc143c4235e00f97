import {
  createVectorReader,
  PLACE_LABELS,
  seriesKey,
  type VectorReader,
} from '../../../sources/prometheus/index.ts'
import type { Identities } from './identities.ts'
import type { Question } from './sheets.ts'
import type { TargetGate } from './targets.ts'

/** Between them they name a GPU or MIG instance. */
const ROW_LABELS = ['UUID', 'gpu_uuid', 'uuid', 'GPU_I_ID', ...PLACE_LABELS]

/** Reads the answers to a question about every GPU; of rows whose GPU is not known the values alone. */
export function narrowReader({ extraLabels }: Question, identities: () => Identities): VectorReader {
  return createVectorReader({
    labels: new Set([...ROW_LABELS, ...extraLabels]),
    gate: () => {
      const { byKey, cut } = identities()
      // What nothing names is told apart from what is not known yet.
      return (labels) => {
        const key = seriesKey(labels, cut)
        return key === '' || byKey.has(key)
      }
    },
  })
}

/** Reads the answers to a question about every exporter target, or about all labels of its GPUs. */
export function targetReader(gate: TargetGate): VectorReader {
  return createVectorReader({ gate: gate.open })
}
