import { say } from '../../../shared/messages/format.ts'
import { countOpen } from '../../state/incidents/list.ts'
import { useStream } from '../../transport/context.tsx'
import { Figure } from '../../ui/figure/Figure.tsx'
import { useStaleSince } from '../../ui/figure/freshness.ts'
import { Glyph } from '../../ui/glyph/Glyph.tsx'

/** "INCIDENTS 1 P1 · 3 P2 (1 unacked)": on every screen, and nothing where there is none. */
export function IncidentsMark() {
  const { item } = useStream('incidents.list', {})
  const stale = useStaleSince() !== null
  if (item === undefined) return null
  const { byPriority, unacknowledged, open } = countOpen(item.incidents)
  if (open === 0) return null
  const worst = byPriority[1] > 0 ? 'critical' : 'advisory'
  return (
    <a
      className="status-verdict status-abnormal status-incidents"
      href="#/incidents"
      aria-label={say('shell.incidents.label', { open, unacknowledged })}
      data-last-known={stale ? '' : undefined}
    >
      <span className={`status-badge status-badge-${worst}`}>
        <Glyph name={worst} />
        <span className="status-word">{say('shell.incidents')}</span>
        {([1, 2, 3] as const)
          .filter((priority) => byPriority[priority] > 0)
          .map((priority) => (
            <span key={priority}>
              <Figure
                label={say('incidents.priority', { priority })}
                value={byPriority[priority]}
                kind="count"
                quiet
              />{' '}
              {say('incidents.priority', { priority })}
            </span>
          ))}
        {unacknowledged > 0 && (
          <span>({say('shell.incidents.unacknowledged', { count: unacknowledged })})</span>
        )}
      </span>
    </a>
  )
}
