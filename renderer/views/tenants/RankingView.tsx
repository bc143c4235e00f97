import { useEffect, useMemo, useRef, useState } from 'react'
import type { TenantsItem } from '../../../shared/contract/tenants.ts'
import { say } from '../../../shared/messages/format.ts'
import { isFiltered, type TenantsPlace } from '../../state/tenants/address.ts'
import { indexTenants, rankTenants } from '../../state/tenants/ranking.ts'
import { directionOf, nextOrder, TENANT_SORTS } from '../../state/tenants/sorts.ts'
import { EmptyState } from '../../ui/dialog/EmptyState.tsx'
import { Button } from '../../ui/form/Button.tsx'
import { useStatus } from '../../state/status.ts'
import { useThrottleSubject } from '../../state/throttles/useThrottleSubject.ts'
import { DataTable } from '../../ui/table/DataTable.tsx'
import { RankingControls } from './RankingControls.tsx'
import { rankingColumns } from './rankingColumns.tsx'
import { RankingStrip } from './RankingStrip.tsx'
import { useAskedSparks } from './useAskedSparks.ts'
import { openTenant, showPart } from './usePlace.ts'
import { useRankingActions } from './useRankingActions.ts'
import { originNextStep, originText } from '../../state/tokens/originWords.ts'

interface RankingViewProps {
  readonly item: TenantsItem
  readonly place: TenantsPlace
}

const identity = (id: string): string => id

/** Who uses how much, who goes beyond what was agreed, who runs out and who is loud. */
export function RankingView({ item, place }: RankingViewProps) {
  const { order, text, states, selected } = place
  const search = useRef<HTMLInputElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const [inSight, setInSight] = useState<readonly string[]>([])
  // What tenants used over time is not for walls: the engine refuses it there.
  const sparks = useStatus(({ status }) => status?.role !== 'wall')
  const columns = useMemo(() => {
    const all = rankingColumns(indexTenants(item))
    return sparks ? all : all.filter(({ id }) => id !== 'spark')
  }, [item, sparks])
  const rows = useMemo(() => rankTenants(item, { order, text, states }), [item, order, text, states])
  useAskedSparks(inSight, sparks)
  useFocusOfReturn(list, selected)
  useThrottleSubject(
    selected === null ? null : { tenant: selected, name: item.names[item.ids.indexOf(selected)] ?? '' },
  )
  useRankingActions(place, search, () => gridOf(list.current)?.focus({ preventScroll: true }))

  function enterList(): void {
    const first = rows[0]
    if (first !== undefined) showPart({ selected: first })
    gridOf(list.current)?.focus({ preventScroll: true })
  }

  return (
    <>
      <RankingStrip item={item} />
      <RankingControls item={item} place={place} matched={rows.length} search={search} onEnter={enterList} />
      <div ref={list} className="tenants-list">
        <DataTable
          label={say('tenants.title')}
          columns={columns}
          rows={rows}
          keyOf={identity}
          selected={selected}
          onSelect={(id) => showPart({ selected: id })}
          onOpen={openTenant}
          openOnClick
          sorting={{
            by: { column: order.by, direction: directionOf(order) },
            onSort: (column) => {
              const by = TENANT_SORTS.find((sort) => sort === column)
              if (by !== undefined) showPart({ order: nextOrder(order, by) })
            },
          }}
          onShown={setInSight}
          orderKey={`${text}|${states.join()}`}
          primary
          empty={<NoTenants item={item} place={place} />}
        />
      </div>
    </>
  )
}

function gridOf(list: HTMLElement | null): HTMLElement | null {
  return list?.querySelector<HTMLElement>('[role=grid]') ?? null
}

/** Back from a tenant's page the keyboard stands in the list again. */
function useFocusOfReturn(list: { readonly current: HTMLElement | null }, selected: string | null): void {
  const atFirst = useRef(selected)
  useEffect(() => {
    if (atFirst.current !== null) gridOf(list.current)?.focus({ preventScroll: true })
  }, [list])
}

function NoTenants({ item, place }: RankingViewProps) {
  if (isFiltered(place) && item.ids.length > 0) {
    return (
      <EmptyState
        reason={say('tenants.noMatch')}
        nextStep={say('tenants.noMatch.next')}
        action={
          <Button onClick={() => showPart({ text: '', states: [] })}>{say('tenants.noMatch.clear')}</Button>
        }
      />
    )
  }
  const { origin } = item
  if (origin.state !== 'ok')
    return <EmptyState reason={originText(origin)} nextStep={originNextStep(origin)} />
  return (
    <EmptyState reason={say('tenants.none', { source: origin.name })} nextStep={say('tenants.none.next')} />
  )
}
