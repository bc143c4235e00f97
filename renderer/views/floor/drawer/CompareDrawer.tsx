import type { FieldId } from '../../../../shared/model/field.ts'
import { say } from '../../../../shared/messages/format.ts'
import { useFleet } from '../../../state/fleet/useFleet.ts'
import { Drawer, DrawerSection } from '../../../ui/drawer/Drawer.tsx'
import { HistoryCharts } from './HistoryCharts.tsx'
import { rowName } from './rowName.ts'
import './drawers.css'

/** More lines than this in one chart cannot be distinguished. */
export const MOST_COMPARED = 4

interface CompareDrawerProps {
  /** Two to {@link MOST_COMPARED} rows. */
  readonly rows: readonly number[]
  readonly field: FieldId
  readonly onClose: () => void
  readonly onOpen: (row: number) => void
}

/** A few GPUs side by side over the same span: which of them is the odd one? */
export function CompareDrawer({ rows, field, onClose, onOpen }: CompareDrawerProps) {
  const { topology } = useFleet()
  const fields = [...new Set<FieldId>([field, 'power', 'gpuTemp'])]
  return (
    <Drawer
      title={say('gpu.compare.title', { count: rows.length })}
      subtitle={say('gpu.compare.hint')}
      onClose={onClose}
    >
      <DrawerSection title={say('gpu.compare.gpus')}>
        <ul className="compared">
          {rows.map((row) => (
            <li key={row}>
              <button type="button" className="link" onClick={() => onOpen(row)}>
                {rowName(topology, row)}
              </button>
            </li>
          ))}
        </ul>
      </DrawerSection>
      <DrawerSection title={say('gpu.history')}>
        <HistoryCharts
          topologyVersion={topology.version}
          rows={rows}
          labels={rows.map((row) => rowName(topology, row))}
          fields={fields}
        />
      </DrawerSection>
    </Drawer>
  )
}
