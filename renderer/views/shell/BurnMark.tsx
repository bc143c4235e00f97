import { useMemo } from 'react'
import { say } from '../../../shared/messages/format.ts'
import { visibleName } from '../../../shared/model/foreignText.ts'
import { burnText, leadingPair, shareText } from '../../../shared/model/objectiveWords.ts'
import { formatSpan } from '../../../shared/model/time.ts'
import { formatRoute } from '../../state/navigation.ts'
import { countsOf, rowsOf, type SloRow, worstOf } from '../../state/slo/matrix.ts'
import { useStream } from '../../transport/context.tsx'
import { Glyph } from '../../ui/glyph/Glyph.tsx'
import { Explained } from '../../ui/tooltip/Explained.tsx'

/** The objective that needs a look first: how fast it burns and how long its budget lasts. Nothing where there is none. */
export function BurnMark() {
  const { item } = useStream('slo.states', {})
  const rows = useMemo(() => (item === undefined ? [] : rowsOf(item)), [item])
  const worst = worstOf(rows)
  if (worst === null) return null
  const { page, ticket, unknown } = countsOf(rows)
  const tone = worst.state.state === 'page' ? 'critical' : worst.state.state === 'ticket' ? 'advisory' : null
  return (
    <Explained
      className={`status-item ${tone === null ? '' : `status-badge status-badge-${tone}`}`}
      by={say('slo.mark.explained', { objectives: rows.length, page, ticket, unknown })}
    >
      <a className="status-link status-burn" href={formatRoute('slo', { objective: worst.objective.id })}>
        {tone !== null && <Glyph name={tone} />}
        {worst.state.state === 'unknown' && <Glyph name="unknown" />}
        <span>{textOfWorst(worst)}</span>
      </a>
    </Explained>
  )
}

function textOfWorst({ objective, state }: SloRow): string {
  const name = visibleName(objective.name)
  if (state.state === 'unknown') {
    return state.asOf === null
      ? say('slo.mark.waiting')
      : say('slo.mark.unknown', { name, coverage: shareText(state.coverage) })
  }
  const burn = leadingPair(state)?.long?.burn ?? null
  if (burn === null) return say('slo.mark.idle', { name })
  const { exhaustionMs } = state
  if (exhaustionMs === null || state.state === 'ok')
    return say('slo.mark.burn', { burn: burnText(burn), name })
  if (exhaustionMs === 0) return say('slo.mark.gone', { burn: burnText(burn), name })
  return say('slo.mark.lasts', { burn: burnText(burn), name, left: formatSpan(exhaustionMs) })
}
