import type { StandIn, Yield, YieldRow } from '../../../shared/contract/tokens.ts'
import { isOld } from '../tokens/provenance.ts'
import { formatSpan } from '../../../shared/model/time.ts'
import { say, textOf } from '../../../shared/messages/format.ts'
import { originText } from '../../state/tokens/originWords.ts'

/** Where a yield comes from, for the provenance of its figures. */
export function sourceOf({ origin, windowMs }: Pick<Yield, 'origin' | 'windowMs'>, row?: YieldRow): string {
  return say('yields.source', { source: origin.name, span: formatSpan(windowMs), gpus: gpusFrom(row) })
}

function gpusFrom(row: YieldRow | undefined): string {
  const used = row?.capacity?.used ?? []
  if (used.length === 0) return say('yields.source.floor')
  return say('yields.source.capacity', { counts: used.join(', ') })
}

/** The inference servers, where the tokens of this row are theirs: of a total only where there is no metering. */
export function servedFor(item: Pick<Yield, 'standIn' | 'total'>, row: YieldRow): StandIn | null {
  return row === item.total && item.standIn?.whole !== true ? null : item.standIn
}

/** Age, origin and state of what is made of tokens: metered ones are old where the metering is, served ones are not. */
export function meteredFrom(
  item: Pick<Yield, 'origin' | 'windowMs' | 'standIn' | 'total'>,
  row: YieldRow,
  known: boolean,
) {
  const standIn = servedFor(item, row)
  if (standIn !== null) {
    return {
      at: standIn.at,
      source: say('yields.source.served', {
        source: standIn.source,
        span: formatSpan(item.windowMs),
        gpus: gpusFrom(row),
        why: textOf(standIn.why),
      }),
      reason: [...row.notes, ...standIn.notes.map((note) => textOf(note))].join(' '),
    }
  }
  const old = known && isOld(item.origin)
  return {
    at: item.origin.dataAsOf,
    source: sourceOf(item, row),
    reason: old ? originText(item.origin) : reasonOf(item, row),
    ...(old ? { state: 'stale' as const, quiet: true } : {}),
  }
}

/** Why a figure of this row is not there: the row's own notes, else what ails the metering. */
export function reasonOf({ origin }: Pick<Yield, 'origin'>, row: YieldRow): string {
  const known = row.notes.join(' ')
  return known === '' ? originText(origin) : known
}
