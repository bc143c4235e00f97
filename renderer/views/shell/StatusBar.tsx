import { visibleName } from '../../../shared/model/foreignText.ts'
import type { ConsoleStatus } from '../../../shared/contract/console.ts'
import { formatClock, formatDuration, zoneName } from '../../../shared/model/time.ts'
import { useNow } from '../../state/now.ts'
import { clockOffset } from '../../transport/engineClock.ts'
import { Age } from '../../ui/figure/Age.tsx'
import { Digits } from '../../ui/figure/Digits.tsx'
import { Figure } from '../../ui/figure/Figure.tsx'
import { useStaleSince } from '../../ui/figure/freshness.ts'
import { Glyph } from '../../ui/glyph/Glyph.tsx'
import { Explained } from '../../ui/tooltip/Explained.tsx'
import { SourcesSummary } from './SourcesSummary.tsx'
import { TokensMark } from './TokensMark.tsx'
import { floorVerdict } from './verdict.ts'
import './statusBar.css'

/** The same on every screen: is it healthy, can I believe it, what time is it. */
export function StatusBar({ status }: { status: ConsoleStatus | null }) {
  return (
    <header className="status-bar">
      <span className="status-site">
        {status === null || status.site.name === '' ? 'Floorwatch' : visibleName(status.site.name)}
      </span>
      {status?.mode === 'demo' && <span className="status-demo">DEMO</span>}
      {status !== null && <Health status={status} />}
      {status !== null && status.mode !== 'setup' && <Totals status={status} />}
      <div className="status-right">
        {status !== null && status.mode !== 'setup' && (
          <>
            <SourcesSummary sources={status.sources} />
            <FeedMark status={status} />
            <span className="status-item">
              <span className="secondary">data</span>
              <Age at={status.newestSampleAt} never="none yet" />
            </span>
          </>
        )}
        <Clocks zone={status?.site.timezone ?? 'UTC'} />
      </div>
    </header>
  )
}

function Health({ status }: { status: ConsoleStatus }) {
  const now = useNow()
  const staleSince = useStaleSince()
  const verdict = floorVerdict(status, staleSince, now)
  const { critical, advisory } = status.abnormal
  const isLastKnown = staleSince !== null
  if (verdict.kind !== 'abnormal') {
    return (
      <>
        <Explained by={verdict.reason} className={`status-verdict status-verdict-${verdict.kind}`}>
          {verdict.kind === 'unknown' && <Glyph name="unknown" />}
          <strong>{verdict.word}</strong>
        </Explained>
        {verdict.kind === 'unknown' && isLastKnown && critical + advisory > 0 && (
          <AbnormalCounts critical={critical} advisory={advisory} lastKnown />
        )}
      </>
    )
  }
  return <AbnormalCounts critical={critical} advisory={advisory} />
}

interface AbnormalCountsProps {
  readonly critical: number
  readonly advisory: number
  /** From before the connection was lost: kept, and no longer claimed. */
  readonly lastKnown?: boolean
}

function AbnormalCounts({ critical, advisory, lastKnown = false }: AbnormalCountsProps) {
  return (
    <a className="status-verdict status-abnormal" href="#/floor" data-last-known={lastKnown ? '' : undefined}>
      {critical > 0 && (
        <span className="status-badge status-badge-critical">
          <Glyph name="critical" />
          <Figure label="Critical findings" value={critical} kind="count" quiet /> critical
        </span>
      )}
      {advisory > 0 && (
        <span className="status-badge status-badge-advisory">
          <Glyph name="advisory" />
          <Figure label="Advisory findings" value={advisory} kind="count" quiet /> advisory
        </span>
      )}
    </a>
  )
}

function Totals({ status }: { status: ConsoleStatus }) {
  const { rollCall, power, partial } = status
  const notWhole = power.watts !== null && (partial !== null || power.boards < power.of)
  const { present, expected, missing, unexpected } = rollCall
  const unexpectedToo = unexpected > 0 ? `; ${unexpected} unexpected` : ''
  return (
    <>
      {partial !== null && (
        <Explained className="status-item status-badge status-badge-advisory" by={`Partial: ${partial}`}>
          <Glyph name="advisory" /> partial<span className="visually-hidden">: {partial}</span>
        </Explained>
      )}
      <span className="status-item">
        {partial !== null && <span className="secondary">at least</span>}
        <Figure
          label="GPUs present"
          value={status.newestSampleAt === null ? null : present}
          reason="No sample has been accepted yet, so nothing is known of any GPU."
          kind="count"
          at={status.newestSampleAt}
          severity={missing > 0 ? 'advisory' : 'normal'}
          source={
            expected === null
              ? 'roll-call; no inventory to compare with'
              : `roll-call: ${missing} missing${unexpectedToo}`
          }
        />
        {expected !== null && (
          <>
            <span className="secondary">/</span>
            <Figure label="GPUs expected" value={expected} kind="count" source="inventory" quiet />
          </>
        )}
        <span className="secondary status-word">present</span>
      </span>
      <span className="status-item">
        {notWhole && <span className="secondary">at least</span>}
        <Figure
          label="Power"
          value={power.watts}
          unit="W"
          at={status.newestSampleAt}
          source={`sum over ${power.boards} of ${power.of} boards that have a current figure`}
          reason={power.watts === null ? 'No board has a current power figure.' : ''}
        />
        {power.watts !== null && power.boards < power.of && (
          <span className="secondary status-word">
            from <Figure label="Boards in the sum" value={power.boards} kind="count" quiet /> of{' '}
            <Figure label="Boards in all" value={power.of} kind="count" quiet /> boards
          </span>
        )}
      </span>
      <TokensMark tokens={status.tokens} />
    </>
  )
}

const WAY = { prometheus: 'Prometheus', direct: 'direct', none: 'no feed' } as const

function FeedMark({ status }: { status: ConsoleStatus }) {
  const { path, reason, since, fallback } = status.feed
  const now = useNow()
  // Both ways are configured and the second one is in use: the console has turned.
  const turned = path === 'none' || (path === 'direct' && fallback)
  return (
    <Explained
      className="status-item"
      by={
        <>
          {reason} Since {formatDuration(now - since)}.
        </>
      }
    >
      {turned ? <Glyph name="advisory" /> : <span className="secondary status-word">via</span>}
      {WAY[path]}
    </Explained>
  )
}

/** Beyond this a person comparing the bar with a wristwatch would wonder. */
const SKEW_WORTH_SAYING_MS = 5000

function Clocks({ zone }: { zone: string }) {
  const now = useNow()
  const offset = clockOffset()
  const local = zoneName(now, zone)
  const skewed = Math.abs(offset) > SKEW_WORTH_SAYING_MS
  const explanation = skewed
    ? `The engine's clock. This screen's own is ${formatDuration(Math.abs(offset))} ${offset > 0 ? 'behind' : 'ahead'}.`
    : `The engine's clock, in UTC and in the site's zone (${zone}).`
  return (
    <Explained className="status-clock" by={explanation}>
      {skewed && <Glyph name="advisory" label="clocks differ" />}
      <Digits text={formatClock(now)} /> <span className="secondary">UTC</span>
      {local !== 'UTC' && (
        <>
          <span className="secondary"> · </span>
          <Digits text={formatClock(now, zone, 'minutes')} /> <span className="secondary">{local}</span>
        </>
      )}
    </Explained>
  )
}
