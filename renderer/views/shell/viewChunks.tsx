import { type RetriedLazy, retriedLazy } from './retriedLazy.tsx'

/** The floor brings the painters with it, tokens the charts; setup should not wait for them. */
export const LAZY_VIEWS = {
  floor: retriedLazy(() => import('../floor/FloorView.tsx').then(({ FloorView }) => FloorView)),
  incidents: retriedLazy(() =>
    import('../incidents/IncidentsView.tsx').then(({ IncidentsView }) => IncidentsView),
  ),
  tokens: retriedLazy(() => import('../tokens/TokensView.tsx').then(({ TokensView }) => TokensView)),
  yield: retriedLazy(() => import('../yield/YieldView.tsx').then(({ YieldView }) => YieldView)),
  slo: retriedLazy(() => import('../slo/SloView.tsx').then(({ SloView }) => SloView)),
  tenants: retriedLazy(() => import('../tenants/TenantsView.tsx').then(({ TenantsView }) => TenantsView)),
  throttles: retriedLazy(() =>
    import('../throttles/ThrottlesView.tsx').then(({ ThrottlesView }) => ThrottlesView),
  ),
  audit: retriedLazy(() => import('../audit/AuditView.tsx').then(({ AuditView }) => AuditView)),
} satisfies Record<string, RetriedLazy>

/**
 * Loads the files of all views one after the other: they come from the engine, and a view that is first opened after
 * the connection was lost has to open too.
 */
export async function loadViewsAhead(): Promise<void> {
  for (const { preload } of Object.values(LAZY_VIEWS)) await preload()
}
