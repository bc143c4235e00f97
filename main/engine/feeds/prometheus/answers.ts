import {
  createVectorReader,
  PLACE_LABELS,
  seriesKey,
  type VectorReader,
} from '../../../sources/prometheus/index.ts'
import type { Identities } from './identities.ts'
import type { Question } from './sheet.ts'
import type { TargetGate } from './targets.ts'

/** Between them they name a GPU or MIG instance. */
const ROW_LABELS = ['UUID', 'gpu_uuid', 'uuid', 'GPU_I_ID', ...PLACE_LABELS]

/** Reads the answers to a question about every GPU; of rows whose GPU is not known the values alone. */
export function narrowReader({ extraLabels }: Question, identities: () => Identities): VectorReader {
  const alone = extraLabels.length === 0
  return createVectorReader({
    labels: new Set([...ROW_LABELS, ...extraLabels]),
    gate: () => {
      const { byKey, cut, rows } = identities()
      // What nothing names is distinguished from what is not known yet.
      return (labels) => {
        const key = seriesKey(labels, cut)
        if (key === '') return true
        if (!byKey.has(key)) return false
        if (!alone) return true
        // Dozens of questions about a floor bring the labels of each GPU again: they are kept once.
        const known = rows.get(key)
        if (known) return known
        const row = { name: '', labels }
        rows.set(key, row)
        return row
      }
    },
  })
}

/** Reads the answers to a question about every exporter target, or about all labels of its GPUs. */
export function targetReader(gate: TargetGate): VectorReader {
  return createVectorReader({ gate: gate.open })
}
