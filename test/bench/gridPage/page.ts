import { AllCommunityModule, type ColDef, createGrid, ModuleRegistry } from 'ag-grid-community'
import type { TenantsItem } from '../../../shared/contract/tenants.ts'
import { preparedRankings } from '../tenantsTraffic.ts'

/** The figures of the tenants view in a grid of the field's usual library, ranked the same way and as often. */
ModuleRegistry.registerModules([AllCommunityModule])

const EVERY_MS = 1000

type Row = Record<string, string | number | null>

const FIGURES = [
  'tokensPerSecond',
  'inputPerSecond',
  'outputPerSecond',
  'share',
  'entitled',
  'excess',
  'quotaUsed',
  'exhaustsAt',
  'rejectedPerSecond',
  'errorTokensPerSecond',
  'noise',
] as const satisfies readonly (keyof TenantsItem)[]

const columns: ColDef<Row>[] = [
  { field: 'name', filter: true },
  { field: 'state' },
  ...FIGURES.map(
    (field): ColDef<Row> => ({
      field,
      ...(field === 'tokensPerSecond' ? { sort: 'desc' as const } : {}),
      valueFormatter: ({ value }) => (typeof value === 'number' ? value.toPrecision(3) : '—'),
    }),
  ),
]

function rowsOf(item: TenantsItem): Row[] {
  return item.ids.map((id, i) => ({
    id,
    name: item.names[i] ?? '',
    state: item.states[i] ?? '',
    ...Object.fromEntries(FIGURES.map((field) => [field, item[field][i] ?? null])),
  }))
}

const next = preparedRankings()
const grid = createGrid<Row>(document.getElementById('grid') as HTMLElement, {
  columnDefs: columns,
  defaultColDef: { flex: 1, sortable: true },
  rowData: rowsOf(next()),
  getRowId: ({ data }) => String(data['id']),
})
setInterval(() => {
  grid.applyTransaction({ update: rowsOf(next()) })
}, EVERY_MS)
