import { visibleName } from '../../../shared/model/foreignText.ts'
import type { ConsoleStatus } from '../../../shared/contract/console.ts'
import { formatClock, formatDuration, zoneName } from '../../../shared/model/time.ts'
import { say, textOf } from '../../../shared/messages/format.ts'
import { useNow } from '../../state/now.ts'
import { clockOffset } from '../../transport/engineClock.ts'
import { Age } from '../../ui/figure/Age.tsx'
import { Digits } from '../../ui/figure/Digits.tsx'
import { Figure } from '../../ui/figure/Figure.tsx'
import { useStaleSince } from '../../ui/figure/freshness.ts'
import { Glyph } from '../../ui/glyph/Glyph.tsx'
import { Explained } from '../../ui/tooltip/Explained.tsx'
import { Say } from '../../ui/text/Say.tsx'
import { BurnMark } from './BurnMark.tsx'
import { IncidentsMark } from './IncidentsMark.tsx'
import { SourcesSummary } from './SourcesSummary.tsx'
import { ThrottleMark } from '../throttles/ThrottleMark.tsx'
import { TokensMark } from './TokensMark.tsx'
import { WhoMark } from './WhoMark.tsx'
import { floorVerdict } from './verdict.ts'
import './statusBar.css'

/** The same on every screen: is it healthy, can I believe it, what time is it. */
export function StatusBar({ status }: { status: ConsoleStatus | null }) {
  return (
    <header className="status-bar">
      <span className="status-site">
        {status === null || status.site.name === ''
          ? say('shell.site.unnamed')
          : visibleName(status.site.name)}
      </span>
      {status?.mode === 'demo' && <span className="status-demo">{say('shell.demo')}</span>}
      {status !== null && <Health status={status} />}
      {status !== null && status.mode !== 'setup' && <IncidentsMark />}
      {status !== null && status.mode !== 'setup' && <BurnMark />}
      {status !== null && status.mode !== 'setup' && <Totals status={status} />}
      {status?.role === 'console' && status.mode !== 'setup' && <ThrottleMark />}
      <div className="status-right">
        {status !== null && status.mode !== 'setup' && (
          <>
            <SourcesSummary sources={status.sources} />
            <FeedMark status={status} />
            <span className="status-item">
              <span className="secondary">{say('shell.data')}</span>
              <Age at={status.newestSampleAt} never={say('shell.data.none')} />
            </span>
          </>
        )}
        {status?.role === 'console' && <WhoMark />}
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
          <Say
            id="shell.critical"
            values={{
              count: <Figure label={say('shell.findings.critical')} value={critical} kind="count" quiet />,
            }}
          />
        </span>
      )}
      {advisory > 0 && (
        <span className="status-badge status-badge-advisory">
          <Glyph name="advisory" />
          <Say
            id="shell.advisory"
            values={{
              count: <Figure label={say('shell.findings.advisory')} value={advisory} kind="count" quiet />,
            }}
          />
        </span>
      )}
    </a>
  )
}

function Totals({ status }: { status: ConsoleStatus }) {
  const { rollCall, power, partial } = status
  const notWhole = power.watts !== null && (partial !== null || power.boards < power.of)
  const { present, expected, missing, unexpected } = rollCall

  return (
    <>
      {partial !== null && (
        <Explained
          className="status-item status-badge status-badge-advisory"
          by={say('shell.partial.what', { what: partial })}
        >
          <Glyph name="advisory" /> {say('shell.partial')}
          <span className="visually-hidden">: {textOf(partial)}</span>
        </Explained>
      )}
      <span className="status-item">
        {partial !== null && <span className="secondary">{say('shell.atLeast')}</span>}
        <Figure
          label={say('shell.gpus.present')}
          value={status.newestSampleAt === null ? null : present}
          reason={say('shell.gpus.unknown')}
          kind="count"
          at={status.newestSampleAt}
          severity={missing > 0 ? 'advisory' : 'normal'}
          source={
            expected === null
              ? say('shell.rollCall.noInventory')
              : say('shell.rollCall', { missing, unexpected })
          }
        />
        {expected !== null && (
          <>
            <span className="secondary">/</span>
            <Figure
              label={say('shell.gpus.expected')}
              value={expected}
              kind="count"
              source={say('shell.inventory')}
              quiet
            />
          </>
        )}
        <span className="secondary status-word">{say('shell.present')}</span>
      </span>
      <span className="status-item">
        {notWhole && <span className="secondary">{say('shell.atLeast')}</span>}
        <Figure
          label={say('shell.power')}
          value={power.watts}
          unit="W"
          at={status.newestSampleAt}
          source={say('shell.power.source', { boards: power.boards, of: power.of })}
          reason={power.watts === null ? say('shell.power.unknown') : ''}
        />
        {power.watts !== null && power.boards < power.of && (
          <span className="secondary status-word">
            <Say
              id="shell.power.boards"
              values={{
                n: power.of,
                boards: (
                  <Figure label={say('shell.power.boards.summed')} value={power.boards} kind="count" quiet />
                ),
                of: <Figure label={say('shell.power.boards.all')} value={power.of} kind="count" quiet />,
              }}
            />
          </span>
        )}
      </span>
      <TokensMark tokens={status.tokens} />
    </>
  )
}

const WAY = {
  prometheus: say('shell.feed.prometheus'),
  direct: say('shell.feed.direct'),
  none: say('shell.feed.none'),
} as const

function FeedMark({ status }: { status: ConsoleStatus }) {
  const { path, reason, since, fallback } = status.feed
  const now = useNow()
  // Both ways are configured and the second one is in use: the console has turned.
  const turned = path === 'none' || (path === 'direct' && fallback)
  return (
    <Explained
      className="status-item"
      by={say('shell.feed.since', { reason, elapsed: formatDuration(now - since) })}
    >
      {turned ? (
        <Glyph name="advisory" />
      ) : (
        <span className="secondary status-word">{say('shell.feed.via')}</span>
      )}
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
    ? say(offset > 0 ? 'shell.clock.behind' : 'shell.clock.ahead', {
        difference: formatDuration(Math.abs(offset)),
      })
    : say('shell.clock', { zone })
  return (
    <Explained className="status-clock" by={explanation}>
      {skewed && <Glyph name="advisory" label={say('shell.clock.differs')} />}
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
