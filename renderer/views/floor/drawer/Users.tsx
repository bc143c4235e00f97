import type { GpuDetail } from '../../../../shared/contract/fleet.ts'
import { type FieldId, field } from '../../../../shared/model/field.ts'
import { visibleName } from '../../../../shared/model/foreignText.ts'
import { countText } from '../../../../shared/model/users.ts'
import { say } from '../../../../shared/messages/format.ts'
import { DrawerSection, Properties, Property } from '../../../ui/drawer/Drawer.tsx'
import { FieldFigure } from '../../../ui/figure/FieldFigure.tsx'

type User = GpuDetail['workloads'][number]

/** Who uses a GPU: its pod, or everyone who shares it, with what each has of its own. */
export function Users({ detail }: { readonly detail: GpuDetail }) {
  const { workloads } = detail
  const [only] = workloads
  if (only === undefined)
    return (
      <DrawerSection title={say('gpu.workload')}>
        <p className="drawer-quiet">{say('gpu.workload.none')}</p>
      </DrawerSection>
    )
  if (workloads.length === 1)
    return (
      <DrawerSection title={say('gpu.workload')}>
        <Properties>
          <Property name={say('gpu.workload.namespace')}>{visibleName(only.namespace)}</Property>
          <Property name={say('gpu.workload.pod')}>
            <span className="breakable">{visibleName(only.pod)}</span>
          </Property>
          <Property name={say('gpu.workload.container')}>{visibleName(only.container)}</Property>
        </Properties>
      </DrawerSection>
    )
  return (
    <DrawerSection title={say('gpu.shared', { users: countText(workloads) })}>
      <SharedBy users={workloads} />
    </DrawerSection>
  )
}

function SharedBy({ users }: { readonly users: readonly User[] }) {
  const fields = [...new Set(users.flatMap(({ own }) => own.map((reading) => reading.field)))]
  return (
    <>
      <table className="drawer-table" aria-label={say('gpu.shared.pods')}>
        <thead>
          <tr>
            <th scope="col">{say('gpu.shared.pod')}</th>
            {fields.map((id) => (
              <th key={id} scope="col" title={say('gpu.shared.own', { title: field(id).title })}>
                {field(id).short}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {users.map((user) => (
            <tr key={`${user.namespace}/${user.pod}/${user.container}`}>
              <th
                scope="row"
                title={
                  user.container === ''
                    ? undefined
                    : say('gpu.shared.container', { name: visibleName(user.container) })
                }
              >
                <span className="breakable">
                  {[user.namespace, user.pod].filter(Boolean).map(visibleName).join(' / ')}
                </span>
              </th>
              {fields.map((id) => (
                <td key={id}>
                  <OwnFigure user={user} id={id} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="drawer-quiet">{fields.length === 0 ? say('gpu.shared.whole') : say('gpu.shared.part')}</p>
    </>
  )
}

function OwnFigure({ user, id }: { readonly user: User; readonly id: FieldId }) {
  const reading = user.own.find((one) => one.field === id)
  const state = reading?.state ?? 'absent'
  return (
    <FieldFigure
      field={id}
      value={state === 'implausible' ? null : (reading?.value ?? null)}
      state={state}
      at={reading?.at ?? null}
      align="end"
      refused={state === 'implausible' ? (reading?.value ?? null) : null}
      reason={state === 'absent' ? (reading?.why ?? say('gpu.shared.notSent')) : ''}
    />
  )
}
