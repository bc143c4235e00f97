import type { SourceHealth } from '../../../shared/model/source.ts'
import { plural } from '../../../shared/model/phrases.ts'
import { worstFirst } from '../../state/sources.ts'
import { useStream } from '../../transport/context.tsx'
import { EmptyState } from '../../ui/dialog/EmptyState.tsx'

interface EmptyFloorProps {
  /** No frame has come yet. */
  readonly awaited: boolean
  readonly isListed: boolean
}

/** A floor on which no GPU is known: which source fails, and why, before anything else. */
export function EmptyFloor({ awaited, isListed }: EmptyFloorProps) {
  const { item } = useStream('sources.health', {})
  if (awaited)
    return (
      <EmptyState
        reason="Waiting for the first frame of the floor."
        nextStep="Source health (g h) tells which source is awaited, and why one fails."
      />
    )
  const none = `No GPU has been seen yet${isListed ? ', and the inventory lists none' : ''}.`
  const failing = worstFirst(item?.sources ?? []).filter(feedsFloor)
  const [worst] = failing
  return (
    <EmptyState
      reason={
        worst === undefined
          ? none
          : `${none} ${plural(failing.length, 'source')} of the floor ${failing.length === 1 ? 'fails' : 'fail'}.`
      }
      nextStep={
        worst?.error == null
          ? 'Source health (g h) tells which source is awaited, and why one fails.'
          : `${worst.error.text.replace(/\.?$/, '.')} ${worst.error.nextStep} Source health (g h) has all of them.`
      }
    />
  )
}

function feedsFloor({ kind, error }: SourceHealth): boolean {
  return error !== null && (kind === 'prometheus' || kind === 'exporter' || kind === 'discovery')
}
