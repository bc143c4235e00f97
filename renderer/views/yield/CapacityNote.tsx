import { nameWords } from '../../state/tokens/measures.ts'
import type { Yield } from '../../../shared/contract/tokens.ts'
import { formatClock, zoneName } from '../../../shared/model/time.ts'
import { say } from '../../../shared/messages/format.ts'
import { useSiteZone } from '../../ui/figure/freshness.ts'

/** Where the metering counts GPUs and power otherwise than the floor, or stands in for it; nothing where both agree. */
export function CapacityNote({ item }: { item: Yield }) {
  const zone = useSiteZone()
  const { rows, capacitySpan } = item
  const used = rows.filter(({ capacity }) => (capacity?.used.length ?? 0) > 0)
  const apart = rows.filter(({ capacity }) => (capacity?.differs.length ?? 0) > 0)
  if (capacitySpan === null || used.length + apart.length === 0) return null
  const { fromMs, toMs } = capacitySpan
  const span = say('yields.capacity.span', {
    from: formatClock(fromMs, zone, 'minutes'),
    to: formatClock(toMs, zone, 'minutes'),
    zone: zoneName(toMs, zone),
  })
  return (
    <>
      {used.length > 0 && (
        <p className="secondary">
          {say('yields.capacity.used', {
            span,
            types: used.map((row) => `${nameWords(row.gpuType)} ${row.capacity?.used.join(', ')}`).join('; '),
          })}
        </p>
      )}
      {apart.length > 0 && (
        <details className="capacity-note secondary">
          <summary>{say('yields.capacity.differs', { count: apart.length })}</summary>
          <ul>
            {apart.flatMap((row) =>
              (row.capacity?.differs ?? []).map((text) => (
                <li key={`${row.gpuType} ${text}`}>
                  {say('yields.capacity.differs.type', { gpuType: nameWords(row.gpuType), text, span })}
                </li>
              )),
            )}
          </ul>
        </details>
      )}
    </>
  )
}
