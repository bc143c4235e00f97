import type { SourceHealth } from '../../../shared/model/source.ts'
import { say } from '../../../shared/messages/format.ts'
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
  if (awaited) return <EmptyState reason={say('floor.empty.awaited')} nextStep={say('floor.empty.sources')} />
  const none = say(isListed ? 'floor.empty.none.listed' : 'floor.empty.none')
  const failing = worstFirst(item?.sources ?? []).filter(feedsFloor)
  const [worst] = failing
  return (
    <EmptyState
      reason={worst === undefined ? none : say('floor.empty.failing', { none, count: failing.length })}
      nextStep={
        worst?.error == null
          ? say('floor.empty.sources')
          : say('floor.empty.error', {
              problem: worst.error.text.replace(/\.?$/, '.'),
              nextStep: worst.error.nextStep,
            })
      }
    />
  )
}

function feedsFloor({ kind, error }: SourceHealth): boolean {
  return error !== null && (kind === 'prometheus' || kind === 'exporter' || kind === 'discovery')
}
