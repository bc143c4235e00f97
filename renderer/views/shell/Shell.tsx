import { lazy, Suspense, useState } from 'react'
import { useNow } from '../../state/now.ts'
import { useNavigation, type View } from '../../state/navigation.ts'
import { staleSince, useStatus } from '../../state/status.ts'
import { SiteZone, StaleSince } from '../../ui/figure/freshness.ts'
import { KeyMap } from '../../ui/keys/KeyMap.tsx'
import { Palette } from '../../ui/palette/Palette.tsx'
import { TooltipHost } from '../../ui/tooltip/TooltipHost.tsx'
import { SetupView } from '../setup/SetupView.tsx'
import { SourcesView } from '../sources/SourcesView.tsx'
import { Connecting } from './Connecting.tsx'
import { Notices } from './Notices.tsx'
import { PaletteSources } from './PaletteSources.tsx'
import { Rail } from './Rail.tsx'
import { useNavigationLabels } from './useNavigationLabels.ts'
import { StatusBar } from './StatusBar.tsx'
import { useShellActions } from './useShellActions.ts'
import { ViewBoundary } from './ViewBoundary.tsx'
import { VIEW_ENTRIES } from './views.ts'
import './shell.css'

// The floor brings the painters with it, tokens the charts; setup should not wait for them.
const FloorView = lazy(() =>
  import('../floor/FloorView.tsx').then((module) => ({ default: module.FloorView })),
)
const TokensView = lazy(() =>
  import('../tokens/TokensView.tsx').then((module) => ({ default: module.TokensView })),
)
const YieldView = lazy(() =>
  import('../yield/YieldView.tsx').then((module) => ({ default: module.YieldView })),
)
const TenantsView = lazy(() =>
  import('../tenants/TenantsView.tsx').then((module) => ({ default: module.TenantsView })),
)

/** The frame around every view: status bar, rail, notices, and what the keyboard can do anywhere. */
export function Shell() {
  const state = useStatus()
  const now = useNow()
  const asked = useNavigation((route) => route.view)
  const [open, setOpen] = useState<'palette' | 'keys' | null>(null)
  const { status } = state
  const view = asked ?? (status?.mode === 'setup' ? 'setup' : 'floor')
  const labelled = useNavigationLabels()
  useShellActions({
    openPalette: () => setOpen('palette'),
    openKeyMap: () => setOpen('keys'),
    labelled,
  })

  return (
    <SiteZone value={status?.site.timezone ?? 'UTC'}>
      <StaleSince value={staleSince(state, now)}>
        <div className="shell">
          <StatusBar status={status} />
          <Rail
            current={view}
            labelled={labelled}
            onPalette={() => setOpen('palette')}
            onKeyMap={() => setOpen('keys')}
          />
          <main className="shell-main">
            <Notices />
            <div className="shell-view">{status === null ? <Connecting /> : <CurrentView view={view} />}</div>
          </main>
        </div>
        {open === 'palette' && (
          <>
            <PaletteSources />
            <Palette onClose={() => setOpen(null)} />
          </>
        )}
        {open === 'keys' && <KeyMap onClose={() => setOpen(null)} />}
        <TooltipHost />
      </StaleSince>
    </SiteZone>
  )
}

function CurrentView({ view }: { view: View }) {
  const title = VIEW_ENTRIES.find((entry) => entry.view === view)?.title ?? view
  return (
    <ViewBoundary key={view} title={title.toLowerCase()}>
      <Suspense fallback={null}>
        {view === 'floor' && <FloorView />}
        {view === 'tokens' && <TokensView />}
        {view === 'yield' && <YieldView />}
        {view === 'tenants' && <TenantsView />}
        {view === 'sources' && <SourcesView />}
        {view === 'setup' && <SetupView />}
      </Suspense>
    </ViewBoundary>
  )
}
