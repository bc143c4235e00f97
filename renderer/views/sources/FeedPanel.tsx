import type { Feed, SourceHealth } from '../../../shared/model/source.ts'
import { Age } from '../../ui/figure/Age.tsx'
import { Glyph } from '../../ui/glyph/Glyph.tsx'

const WAYS: Record<Feed['path'], string> = {
  prometheus: 'The floor is fed through Prometheus',
  direct: 'The floor is fed directly from the exporters',
  none: 'Nothing feeds the floor',
}

/** Which of the two ways is in use, since when, why, and whether there is another one. */
export function FeedPanel({ feed, sources }: { feed: Feed; sources: readonly SourceHealth[] }) {
  const { path, since, reason, fallback } = feed
  const isSilent = path !== 'none' && nothingAnswers(sources)
  const turned = isSilent || path === 'none' || (path === 'direct' && fallback)
  return (
    <section className="feed" aria-label="Feed">
      <h1 className="feed-way">
        {turned && <Glyph name={isSilent || path === 'none' ? 'critical' : 'advisory'} />}{' '}
        {isSilent ? 'No source of the floor answers' : WAYS[path]}
      </h1>
      <p>
        {reason}{' '}
        <span className="secondary">
          Since <Age at={since} />.
        </span>
      </p>
      <p className="secondary">
        {fallback
          ? 'Both ways are configured: when one stops answering, the console turns to the other by itself and back again.'
          : 'Only one way is configured: if it stops answering, the floor shows what was last known.'}
      </p>
    </section>
  )
}

/** A way that is being tried feeds nothing while none of its sources answers. */
function nothingAnswers(sources: readonly SourceHealth[]): boolean {
  const ofFloor = sources.filter(({ kind }) => kind === 'prometheus' || kind === 'exporter')
  return ofFloor.length > 0 && ofFloor.every(({ state }) => state === 'failing' || state === 'backoff')
}
