import { visibleName } from '../../../../shared/model/foreignText.ts'
import type { HostDetail } from '../../../../shared/contract/fleet.ts'
import { type FieldId, field } from '../../../../shared/model/field.ts'
import { figureState, SEVERITIES } from '../../../../shared/model/figure.ts'
import { say } from '../../../../shared/messages/format.ts'
import { activityField, columnOf, isKnown, sampledAt } from '../../../state/fleet/columns.ts'
import { useFleet, useTopology } from '../../../state/fleet/useFleet.ts'
import { useStream } from '../../../transport/context.tsx'
import { EmptyState } from '../../../ui/dialog/EmptyState.tsx'
import { Drawer, DrawerSection, Properties, Property } from '../../../ui/drawer/Drawer.tsx'
import { Age } from '../../../ui/figure/Age.tsx'
import { FieldFigure } from '../../../ui/figure/FieldFigure.tsx'
import { Figure } from '../../../ui/figure/Figure.tsx'
import { canBeDismissed, DismissHost } from './DismissHost.tsx'
import { FindingNotes } from './FindingNotes.tsx'
import { HistoryCharts } from './HistoryCharts.tsx'
import { Waiting } from '../../../ui/dialog/Waiting.tsx'
import { Say } from '../../../ui/text/Say.tsx'
import './drawers.css'

interface HostDrawerProps {
  readonly host: string
  readonly onClose: () => void
  readonly onGpu: (host: string, slot: number) => void
}

const CHARTED: readonly FieldId[] = ['power', 'gpuTemp']

/** A host as one machine: its GPUs side by side, its power, what is wrong with it as a whole. */
export function HostDrawer({ host, onClose, onGpu }: HostDrawerProps) {
  const { item, failure } = useStream('fleet.host', { host })
  const topology = useTopology()
  if (item === undefined || item === null) {
    return (
      <Drawer title={visibleName(host)} onClose={onClose}>
        {item === null ? (
          <EmptyState reason={say('host.gone')} nextStep={say('host.gone.next')} />
        ) : (
          <Waiting waiting={say('host.waiting')} nextStep={say('gpu.waiting.next')} failure={failure} />
        )}
      </Drawer>
    )
  }
  return (
    <Drawer
      title={visibleName(host)}
      subtitle={say('host.place', { rack: visibleName(item.rack), floor: visibleName(item.floor) })}
      onClose={onClose}
    >
      <p className="state-line">
        {item.expected === null
          ? say('host.seen', { present: item.present })
          : say('host.present', { present: item.present, expected: item.expected })}
        <span className="state-line-age">
          <Say id="gpu.lastSample" values={{ age: <Age at={item.lastSampleAt} /> }} />
        </span>
      </p>
      <FindingNotes findings={item.findings} places />
      {canBeDismissed(item) && <DismissHost host={item.host} />}
      <DrawerSection title={say('host.gpus')}>
        <HostGpus detail={item} onGpu={onGpu} />
      </DrawerSection>
      {item.rows.length > 0 && topology.version === item.topologyVersion && (
        <DrawerSection title={say('gpu.history')}>
          <HistoryCharts
            topologyVersion={item.topologyVersion}
            rows={item.rows.slice(0, 64)}
            labels={item.rows.map((row) => say('floor.slot', { slot: topology.gpus.slot[row] ?? '?' }))}
            fields={CHARTED}
          />
        </DrawerSection>
      )}
      <DrawerSection title={say('gpu.host')}>
        <Properties>
          <Property name={say('host.power')}>
            <HostPowerNote detail={item} />
            <Figure
              label={say('host.power.figure')}
              value={item.powerWatts}
              unit="W"
              source={say('host.power.source', { origin: item.origin })}
              align="end"
            />
          </Property>
          <Property name={say('gpu.origin')}>{item.origin}</Property>
        </Properties>
      </DrawerSection>
    </Drawer>
  )
}

/** Says of how many boards the sum is, where it is not of all. */
function HostPowerNote({ detail }: { detail: HostDetail }) {
  const { frame, topology } = useFleet()
  if (detail.powerWatts === null || frame === null || topology.version !== detail.topologyVersion) return null
  const states = columnOf(frame, 'power')?.states
  const known = detail.rows.filter((row) => isKnown(states?.[row])).length
  if (known === detail.rows.length) return null
  return (
    <span className="secondary">
      <Say
        id="host.power.partial"
        values={{
          known: (
            <Figure label={say('shell.power.boards.summed')} value={known} kind="count" quiet size="tiny" />
          ),
          of: (
            <Figure
              label={say('host.power.boards')}
              value={detail.rows.length}
              kind="count"
              quiet
              size="tiny"
            />
          ),
        }}
      />{' '}
    </span>
  )
}

/** From the frame that the picture shows too, so that the two can never disagree. */
function HostGpus({ detail, onGpu }: { detail: HostDetail; onGpu: HostDrawerProps['onGpu'] }) {
  const { frame, topology } = useFleet()
  if (frame === null || topology.version !== detail.topologyVersion)
    return <p className="drawer-wait">{say('host.frame')}</p>
  const own = new Uint8Array(topology.gpus.host.length)
  for (const row of detail.rows) own[row] = 1
  const activity = activityField(frame, own.length, null, own) ?? 'smActive'
  const listed: readonly FieldId[] = [activity, 'power', 'gpuTemp']
  return (
    <table className="drawer-table" aria-label={say('host.gpus.of', { host: visibleName(detail.host) })}>
      <thead>
        <tr>
          <th scope="col">{say('floor.column.gpu')}</th>
          {listed.map((id) => (
            <th key={id} scope="col" title={field(id).title}>
              {field(id).short}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {detail.rows.map((row) => {
          const slot = topology.gpus.slot[row] ?? 0
          return (
            <tr key={row} data-severity={SEVERITIES[frame.severity[row] ?? 0]}>
              <th scope="row">
                <button type="button" className="link" onClick={() => onGpu(detail.host, slot)}>
                  {say('floor.slot', { slot })}
                </button>
              </th>
              {listed.map((id) => {
                const column = frame.fields.indexOf(id)
                const value = frame.values[column]?.[row]
                return (
                  <td key={id}>
                    <FieldFigure
                      field={id}
                      value={value === undefined || Number.isNaN(value) ? null : value}
                      state={figureState(frame.states[column]?.[row] ?? 0)}
                      at={sampledAt(frame, row)}
                      align="end"
                    />
                  </td>
                )
              })}
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
