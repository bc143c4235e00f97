import { Name } from '../../ui/text/Name.tsx'
import { visibleName } from '../../../shared/model/foreignText.ts'
import type { TenantsItem } from '../../../shared/contract/tenants.ts'
import { say } from '../../../shared/messages/format.ts'
import { type TenantColumns, tenantFigure } from '../../state/tenants/ranking.ts'
import { SORT_WORDS, type TenantSort } from '../../state/tenants/sorts.ts'
import { useSparks } from '../../state/tenants/sparks.ts'
import { noiseOf } from '../../state/tenants/summary.ts'
import { whyMissing } from '../../state/tenants/states.ts'
import { Sparkline } from '../../ui/chart/Sparkline.tsx'
import { Figure } from '../../ui/figure/Figure.tsx'
import type { FigureProps } from '../../ui/figure/figureProps.ts'
import type { Column } from '../../ui/table/DataTable.tsx'
import { Exhaustion } from './Exhaustion.tsx'
import { NoiseBar } from './NoiseBar.tsx'
import { percent, shareDigits, tenantProvenance } from './provenance.ts'
import { StateWord } from './StateWord.tsx'
import { UsedBar } from './UsedBar.tsx'

type Cell = (item: TenantsItem, place: number) => React.ReactNode

/**
 * Columns of a table whose rows are ids: the figures stay in the item's own columns and are looked up as a cell is drawn.
 * Rebuilt with every item, so that a row is redrawn when its figures may have changed and at no other time.
 */
export function rankingColumns(tenants: TenantColumns): readonly Column<string>[] {
  const { item, indexOf } = tenants
  const sorted = (
    id: TenantSort,
    width: string,
    cell: Cell,
    rest: Pick<Column<string>, 'align' | 'from'> = { align: 'end' },
  ): Column<string> => ({
    id,
    title: SORT_WORDS[id].title,
    meaning: SORT_WORDS[id].meaning,
    sortable: true,
    width,
    cell: (row) => {
      const place = indexOf(row)
      return place === -1 ? <Gone id={row} named={id === 'name'} /> : cell(item, place)
    },
    ...rest,
  })
  return [
    {
      id: 'rank',
      title: '#',
      meaning: say('tenants.rank.meaning'),
      width: '2.75rem',
      align: 'end',
      cell: (row) => <Rank place={indexOf(row)} />,
    },
    sorted('name', 'minmax(10rem, 1fr)', tenantCell, {}),
    sorted('state', '5.25rem', (of, place) => <StateWord state={of.states[place] ?? 'active'} />, {
      from: 92,
    }),
    sorted('tokens', '7rem', (of, place) => <Tokens item={of} place={place} />),
    sorted('input', '6.5rem', rate('input'), { align: 'end', from: 126 }),
    sorted('output', '6.5rem', rate('output'), { align: 'end', from: 126 }),
    {
      id: 'spark',
      title: say('tenants.recent'),
      meaning: say('tenants.recent.meaning'),
      width: '5rem',
      from: 70,
      cell: (row) => <Spark id={row} />,
    },
    sorted('share', '4.25rem', shareCell),
    sorted('entitled', '6.5rem', rate('entitled'), { align: 'end', from: 96 }),
    sorted('excess', '6.5rem', rate('excess')),
    sorted('limit', '5.25rem', limitCell, { align: 'end', from: 84 }),
    sorted('quota', '6.75rem', quotaCell),
    sorted('exhaustion', '5.25rem', exhaustionCell),
    sorted('rejected', '5.75rem', rate('rejected', 'req/s')),
    sorted('errorTokens', '6.5rem', rate('errorTokens'), { align: 'end', from: 80 }),
    sorted('noise', '8.5rem', noiseCell),
  ]
}

function tenantCell(item: TenantsItem, place: number) {
  const id = item.ids[place] ?? ''
  const name = item.names[place] ?? ''
  const state = item.states[place] ?? 'active'
  const named = name !== '' && name !== id
  return (
    <span
      className="tenant-cell"
      title={named ? `${visibleName(name)}\n${visibleName(id)}` : visibleName(id)}
    >
      <Name className="tenant-name" of={named ? name : id} />
      {state !== 'active' && (
        <span className="tenant-tag">
          <StateWord state={state} />
        </span>
      )}
      {named && <Name className="tenant-id secondary" of={id} />}
    </span>
  )
}

/** It left the ranking while the order was held under the pointer. */
function Gone({ id, named }: { id: string; named: boolean }) {
  return named ? (
    <span className="secondary">{say('tenants.gone', { tenant: visibleName(id) })}</span>
  ) : (
    <span className="secondary">—</span>
  )
}

function Rank({ place }: { place: number }) {
  return (
    <Figure
      label={say('tenants.rank')}
      value={place === -1 ? null : place + 1}
      kind="count"
      size="tiny"
      quiet
      align="end"
    />
  )
}

/** The rate, and under it how much of it is input and how much output; sizes are told by the figure and the share. */
function Tokens({ item, place }: { item: TenantsItem; place: number }) {
  const input = item.inputPerSecond[place] ?? null
  const output = item.outputPerSecond[place] ?? null
  const both = input === null || output === null ? 0 : input + output
  return (
    <span className="tenant-tokens">
      <CellFigure item={item} what="tokens" value={item.tokensPerSecond[place] ?? null} unit="tok/s" />
      {both > 0 && (
        <span className="tenant-split" aria-hidden="true">
          <span className="tenant-split-input" style={{ inlineSize: `${((input ?? 0) / both) * 100}%` }} />
          <span className="tenant-split-output" style={{ inlineSize: `${((output ?? 0) / both) * 100}%` }} />
        </span>
      )}
    </span>
  )
}

function Spark({ id }: { id: string }) {
  const values = useSparks(({ byId }) => byId.get(id))
  return <span className="tenant-spark">{values !== undefined && <Sparkline values={values} />}</span>
}

type FigureSort = Exclude<TenantSort, 'name' | 'state'>

function rate(by: FigureSort, unit = 'tok/s'): Cell {
  return (item, place) => (
    <CellFigure item={item} what={by} value={tenantFigure(item, by, place)} unit={unit} />
  )
}

interface CellFigureProps extends Pick<FigureProps, 'value' | 'unit' | 'digits' | 'severity'> {
  readonly item: TenantsItem
  readonly what: FigureSort
  readonly value: number | null
}

function CellFigure({ item, what, value, ...rest }: CellFigureProps) {
  const reason = what === 'exhaustion' ? 'quota' : what
  return (
    <Figure
      {...tenantProvenance(item, reason, value)}
      {...rest}
      label={SORT_WORDS[what].title}
      value={value}
      align="end"
    />
  )
}

const shareCell: Cell = (item, place) => {
  const share = item.share[place] ?? null
  return <CellFigure item={item} what="share" value={percent(share)} unit="%" digits={shareDigits(share)} />
}

const limitCell: Cell = (item, place) => {
  const use = tenantFigure(item, 'limit', place)
  if (use === Number.POSITIVE_INFINITY)
    return <span title={say('tenants.limitZero.why')}>{say('tenants.limitZero')}</span>
  return (
    <CellFigure
      item={item}
      what="limit"
      value={percent(use)}
      unit="%"
      digits={0}
      severity={use !== null && use >= 1 ? 'advisory' : 'normal'}
    />
  )
}

const quotaCell: Cell = (item, place) => {
  const used = item.quotaUsed[place] ?? null
  return (
    <span className="tenant-quota">
      {used !== null && <UsedBar used={used} />}
      <CellFigure item={item} what="quota" value={percent(used)} unit="%" digits={0} />
    </span>
  )
}

const exhaustionCell: Cell = (item, place) => (
  <Exhaustion
    used={item.quotaUsed[place] ?? null}
    exhaustsAt={item.exhaustsAt[place] ?? null}
    now={item.at}
    reason={whyMissing(item.origin, 'quota')}
  />
)

const noiseCell: Cell = (item, place) => {
  const score = item.noise[place] ?? null
  return (
    <span className="tenant-noise">
      <NoiseBar score={score} parts={noiseOf(item, place)} />
      <CellFigure item={item} what="noise" value={score} digits={2} />
    </span>
  )
}
