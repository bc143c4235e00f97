import type { ReactNode } from 'react'
import { formatClock, formatDuration } from '../../../shared/model/time.ts'
import { say } from '../../../shared/messages/format.ts'
import { useNow } from '../../state/now.ts'
import { clockOffset } from '../../transport/engineClock.ts'
import { currentFault, mayAct, staleSince, useStatus } from '../../state/status.ts'
import type { Link } from '../../transport/types.ts'
import { Glyph } from '../../ui/glyph/Glyph.tsx'
import type { GlyphName } from '../../ui/glyph/glyphs.ts'
import { Say } from '../../ui/text/Say.tsx'
import { ConfigChanged } from './ConfigChanged.tsx'
import { GetAdmitted } from './GetAdmitted.tsx'
import './notices.css'

/** What concerns the whole screen: a lost line, an engine that has gone silent, messages that are not understood. */
export function Notices() {
  const state = useStatus()
  const now = useNow()
  const stale = staleSince(state, now)
  const fault = currentFault(state, now)
  const change = mayAct(state) ? (state.status?.configChange ?? null) : null
  return (
    <div className="notices" aria-live="polite">
      {stale !== null && (
        <Notice glyph="critical">
          <Say
            id="shell.notice.stale"
            values={{
              what: whatHappened(state.link),
              time: formatClock(stale),
              elapsed: formatDuration(now - stale),
            }}
          />{' '}
          {state.link.state === 'lost' && (
            <>
              {state.link.reason} {state.link.refused === true && <GetAdmitted />} <NextAttempt />
            </>
          )}
        </Notice>
      )}
      {change !== null && stale === null && (
        <Notice glyph={change.problems.length > 0 ? 'advisory' : 'check'}>
          <ConfigChanged key={change.digest} change={change} path={state.status?.configPath ?? ''} />
        </Notice>
      )}
      {fault !== null && (
        <Notice glyph="advisory">
          <Say id="shell.notice.fault" values={{ fault }} />
        </Notice>
      )}
    </div>
  )
}

function whatHappened({ state, refused }: Link): string {
  if (state !== 'lost') return say('shell.notice.silent')
  return refused === true ? say('shell.notice.refused') : say('shell.notice.lost')
}

function Notice({ glyph, children }: { glyph: GlyphName; children: ReactNode }) {
  return (
    <div className={`notice notice-${glyph}`}>
      <Glyph name={glyph} />
      <div>{children}</div>
    </div>
  )
}

/** "Next attempt in 4 s." The pause was planned on this screen's own clock. */
export function NextAttempt() {
  const at = useStatus((state) => state.link.nextAttemptAt ?? null)
  const now = useNow() - clockOffset()
  if (at === null) return <span>{say('shell.attempt.connecting')}</span>
  const left = Math.max(0, Math.ceil((at - now) / 1000))
  return <span>{left === 0 ? say('shell.attempt.now') : say('shell.attempt.in', { seconds: left })}</span>
}
