import { visibleName } from '../../../../shared/model/foreignText.ts'
import type { GpuDetail } from '../../../../shared/contract/fleet.ts'
import { type FieldId, field } from '../../../../shared/model/field.ts'
import { notExported } from '../../../../shared/model/phrases.ts'
import { xidMeaning } from '../../../../shared/model/xid.ts'
import { say } from '../../../../shared/messages/format.ts'
import { useStream } from '../../../transport/context.tsx'
import { EmptyState } from '../../../ui/dialog/EmptyState.tsx'
import { Drawer, DrawerSection, Properties, Property } from '../../../ui/drawer/Drawer.tsx'
import { Age } from '../../../ui/figure/Age.tsx'
import { FieldFigure } from '../../../ui/figure/FieldFigure.tsx'
import { Button } from '../../../ui/form/Button.tsx'
import { FindingNotes } from './FindingNotes.tsx'
import { HistoryCharts } from './HistoryCharts.tsx'
import { Readings } from './Readings.tsx'
import { activityOf } from './figures.ts'
import { StateLine } from './StateLine.tsx'
import { Users } from './Users.tsx'
import { Waiting } from '../../../ui/dialog/Waiting.tsx'
import { Say } from '../../../ui/text/Say.tsx'
import './drawers.css'

interface GpuDrawerProps {
  readonly host: string
  readonly slot: number
  readonly onClose: () => void
  readonly onHost: (host: string) => void
}

/** Everything about one GPU: is it well, since when, what runs on it, what it did lately, what to do. */
export function GpuDrawer({ host, slot, onClose, onHost }: GpuDrawerProps) {
  const { item, failure } = useStream('fleet.gpu', { host, slot })
  const title = say('floor.gpu', { host: visibleName(host), slot })
  if (item === undefined || item === null) {
    return (
      <Drawer title={title} onClose={onClose}>
        {item === null ? (
          <EmptyState reason={say('gpu.gone')} nextStep={say('gpu.gone.next')} />
        ) : (
          <Waiting waiting={say('gpu.waiting')} nextStep={say('gpu.waiting.next')} failure={failure} />
        )}
      </Drawer>
    )
  }
  return (
    <Drawer
      title={title}
      subtitle={[item.type, item.rack, item.floor].map(visibleName).join(' · ')}
      onClose={onClose}
    >
      <StateLine unit={item.unit} lastSampleAt={item.lastSampleAt} />
      <FindingNotes findings={item.findings} />
      <DrawerSection title={say('gpu.history')}>
        <HistoryCharts
          topologyVersion={item.topologyVersion}
          rows={[item.unit.row]}
          labels={[title]}
          fields={chartedFields(item)}
        />
      </DrawerSection>
      <Users detail={item} />
      <Readings readings={item.unit.readings} origin={item.origin} seen={item.lastSampleAt !== null} />
      <Xids detail={item} />
      <Instances detail={item} />
      <DrawerSection title={say('gpu.identity')}>
        <Properties>
          <Property name={say('gpu.host')}>
            <Button kind="quiet" onClick={() => onHost(host)}>
              {visibleName(host)}
            </Button>
          </Property>
          <Property name={say('gpu.model')}>
            {item.modelName === '' ? '—' : visibleName(item.modelName)}
          </Property>
          <Property name={say('gpu.uuid')}>
            <span className="mono breakable">
              {item.uuid === '' ? say('gpu.uuid.none') : visibleName(item.uuid)}
            </span>
          </Property>
          {item.labels.map(({ name, value }) => (
            <Property key={name} name={name}>
              <span className="mono breakable">{visibleName(value)}</span>
            </Property>
          ))}
          <Property name={say('gpu.origin')}>{item.origin}</Property>
        </Properties>
      </DrawerSection>
    </Drawer>
  )
}

function chartedFields(detail: GpuDetail): FieldId[] {
  return [activityOf(detail.unit.readings), 'power', 'gpuTemp']
}

function Xids({ detail }: { detail: GpuDetail }) {
  if (detail.xids.length === 0) return <NoXids detail={detail} />
  return (
    <DrawerSection title={say('gpu.xids')}>
      <ul className="xids">
        {detail.xids.map(({ code, at, count }) => {
          const { name, nextStep } = xidMeaning(code)
          return (
            <li key={`${code}-${at}`}>
              <p>
                <Say id="gpu.xid" values={{ code, name }} />
                {count !== null && count > 1 && ` · ${say('gpu.xid.times', { count })}`}
              </p>
              <p className="drawer-quiet">
                <Say id="gpu.xid.since" values={{ age: <Age at={at} />, nextStep }} />
              </p>
            </li>
          )
        })}
      </ul>
    </DrawerSection>
  )
}

/** That no XID is known is only good news where the exporter could tell one. */
function NoXids({ detail }: { detail: GpuDetail }) {
  const told = [detail.unit, ...detail.instances].some(({ readings }) =>
    readings.some((reading) => reading.field === 'xid' && reading.state !== 'absent'),
  )
  if (told || detail.lastSampleAt === null) return null
  return (
    <DrawerSection title={say('gpu.xids')}>
      <p className="drawer-quiet">{say('gpu.xids.unknown', { reason: notExported('xid') })}</p>
    </DrawerSection>
  )
}

/** MIG: each instance is a tenant's whole world; board figures (power, heat) belong to the board above. */
function Instances({ detail }: { detail: GpuDetail }) {
  if (detail.instances.length === 0) return null
  const shown = activityOf(detail.instances.flatMap(({ readings }) => readings))
  return (
    <DrawerSection title={say('gpu.instances.count', { count: detail.instances.length })}>
      <table className="drawer-table" aria-label={say('gpu.instances')}>
        <thead>
          <tr>
            <th scope="col" colSpan={2}>
              {say('gpu.instance')}
            </th>
            {([shown, 'fbUsed'] as const).map((id) => (
              <th key={id} scope="col" title={field(id).title}>
                {field(id).short}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {detail.instances.map((instance) => {
            const reading = (id: FieldId) => instance.readings.find((one) => one.field === id)
            const activity = reading(shown)
            const memory = reading('fbUsed')
            return (
              <tr key={instance.id}>
                <th scope="row" className="mono">
                  {visibleName(instance.profile)}
                </th>
                <td className="drawer-quiet">{say('gpu.instance.id', { id: instance.id })}</td>
                <td>
                  <FieldFigure
                    field={shown}
                    value={activity?.value ?? null}
                    state={activity?.state ?? 'absent'}
                    at={activity?.at ?? detail.lastSampleAt}
                    align="end"
                  />
                </td>
                <td>
                  <FieldFigure
                    field="fbUsed"
                    value={memory?.value ?? null}
                    state={memory?.state ?? 'absent'}
                    at={memory?.at ?? detail.lastSampleAt}
                    align="end"
                  />
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </DrawerSection>
  )
}
