import { nameWords } from '../../state/tokens/measures.ts'
import type { Yield } from '../../../shared/contract/tokens.ts'
import { formatClock, zoneName } from '../../../shared/model/time.ts'
import { plural } from '../../../shared/model/phrases.ts'
import { useSiteZone } from '../../ui/figure/freshness.ts'

/** Where the metering counts GPUs and power otherwise than the floor, or stands in for it; nothing where both agree. */
export function CapacityNote({ item }: { item: Yield }) {
  const zone = useSiteZone()
  const { rows, capacitySpan } = item
  const used = rows.filter(({ capacity }) => (capacity?.used.length ?? 0) > 0)
  const apart = rows.filter(({ capacity }) => (capacity?.differs.length ?? 0) > 0)
  if (capacitySpan === null || used.length + apart.length === 0) return null
  const { fromMs, toMs } = capacitySpan
  const span = `mean of ${formatClock(fromMs, zone, 'minutes')} to ${formatClock(toMs, zone, 'minutes')} ${zoneName(toMs, zone)}`
  return (
    <>
      {used.length > 0 && (
        <p className="secondary">
          Where the floor has no figure of its own, the metering’s capacity stands ({span}):{' '}
          {used.map((row) => `${nameWords(row.gpuType)} ${row.capacity?.used.join(', ')}`).join('; ')}.
        </p>
      )}
      {apart.length > 0 && (
        <details className="capacity-note secondary">
          <summary>
            The metering counts capacity otherwise than the floor for {plural(apart.length, 'GPU type')};
            yields divide by the floor’s figures.
          </summary>
          <ul>
            {apart.flatMap((row) =>
              (row.capacity?.differs ?? []).map((text) => (
                <li key={`${row.gpuType} ${text}`}>
                  {nameWords(row.gpuType)}, {text}; {span} against now.
                </li>
              )),
            )}
          </ul>
        </details>
      )}
    </>
  )
}
