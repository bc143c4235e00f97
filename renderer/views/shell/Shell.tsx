import { Suspense, useEffect, useState } from 'react'
import { inSentence } from '../../../shared/messages/format.ts'
import { keepLastKnown } from '../../state/lastKnown/homes.ts'
import { useNow } from '../../state/now.ts'
import { useNavigation, type View } from '../../state/navigation.ts'
import { staleSince, useStatus } from '../../state/status.ts'
import { useClient } from '../../transport/context.tsx'
import { SiteZone, StaleSince } from '../../ui/figure/freshness.ts'
import { KeyMap } from '../../ui/keys/KeyMap.tsx'
import { Palette } from '../../ui/palette/Palette.tsx'
import { TooltipHost } from '../../ui/tooltip/TooltipHost.tsx'
import { SetupView } from '../setup/SetupView.tsx'
import { SignInSheet } from '../signIn/SignInSheet.tsx'
import { SourcesView } from '../sources/SourcesView.tsx'
import { Connecting } from './Connecting.tsx'
import { Notices } from './Notices.tsx'
import { insteadOf, PaletteSources } from './PaletteSources.tsx'
import { Rail } from './Rail.tsx'
import { useNavigationLabels } from './useNavigationLabels.ts'
import { ThrottleSheet } from '../throttles/ThrottleSheet.tsx'
import { useThrottleActions } from '../throttles/useThrottleActions.ts'
import { StatusBar } from './StatusBar.tsx'
import { useShellActions } from './useShellActions.ts'
import { ViewBoundary } from './ViewBoundary.tsx'
import { LAZY_VIEWS, loadViewsAhead } from './viewChunks.tsx'
import { VIEW_ENTRIES } from './views.ts'
import './shell.css'

const {
  floor: Floor,
  incidents: Incidents,
  tokens: Tokens,
  yield: Yield,
  tenants: Tenants,
  slo: Slo,
  throttles: Throttles,
  audit: Audit,
} = LAZY_VIEWS

/** The frame around every view: status bar, rail, notices, and what the keyboard can do anywhere. */
export function Shell() {
  const state = useStatus()
  const now = useNow()
  const asked = useNavigation((route) => route.view)
  const [open, setOpen] = useState<'palette' | 'keys' | null>(null)
  const { status } = state
  const view = asked ?? (status?.mode === 'setup' ? 'setup' : 'floor')
  useWholeScreenAhead(status !== null)
  const labelled = useNavigationLabels()
  useThrottleActions()
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
            <Palette onClose={() => setOpen(null)} otherwise={insteadOf} />
          </>
        )}
        {open === 'keys' && <KeyMap onClose={() => setOpen(null)} />}
        {status?.role === 'console' && <ThrottleSheet />}
        <SignInSheet />
        <TooltipHost />
      </StaleSince>
    </SiteZone>
  )
}

/** Once there is an engine: the files of all views, and what they show, for when there is none any more. */
function useWholeScreenAhead(connected: boolean): void {
  const client = useClient()
  useEffect(() => {
    if (!connected) return undefined
    void loadViewsAhead()
    return keepLastKnown(client)
  }, [client, connected])
}

function CurrentView({ view }: { view: View }) {
  const title = VIEW_ENTRIES.find((entry) => entry.view === view)?.title ?? view
  return (
    <ViewBoundary key={view} title={inSentence(title)}>
      <Suspense fallback={null}>
        {view === 'floor' && <Floor.View />}
        {view === 'incidents' && <Incidents.View />}
        {view === 'tokens' && <Tokens.View />}
        {view === 'yield' && <Yield.View />}
        {view === 'tenants' && <Tenants.View />}
        {view === 'slo' && <Slo.View />}
        {view === 'throttles' && <Throttles.View />}
        {view === 'audit' && <Audit.View />}
        {view === 'sources' && <SourcesView />}
        {view === 'setup' && <SetupView />}
      </Suspense>
    </ViewBoundary>
  )
}
