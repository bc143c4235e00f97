import type { Feed, SourceHealth } from '../../../shared/model/source.ts'
import { say } from '../../../shared/messages/format.ts'
import { Age } from '../../ui/figure/Age.tsx'
import { Glyph } from '../../ui/glyph/Glyph.tsx'
import { Say } from '../../ui/text/Say.tsx'

const WAYS: Record<Feed['path'], string> = {
  prometheus: say('sources.feed.prometheus'),
  direct: say('sources.feed.direct'),
  none: say('sources.feed.none'),
}

/** Which of the two ways is in use, since when, why, and whether there is another one. */
export function FeedPanel({ feed, sources }: { feed: Feed; sources: readonly SourceHealth[] }) {
  const { path, since, reason, fallback } = feed
  const isSilent = path !== 'none' && nothingAnswers(sources)
  const turned = isSilent || path === 'none' || (path === 'direct' && fallback)
  return (
    <section className="feed" aria-label={say('sources.feed')}>
      <h1 className="feed-way">
        {turned && <Glyph name={isSilent || path === 'none' ? 'critical' : 'advisory'} />}{' '}
        {isSilent ? say('sources.feed.silent') : WAYS[path]}
      </h1>
      <p>
        {reason}{' '}
        <span className="secondary">
          <Say id="sources.feed.since" values={{ age: <Age at={since} /> }} />
        </span>
      </p>
      <p className="secondary">{fallback ? say('sources.feed.both') : say('sources.feed.single')}</p>
    </section>
  )
}

/** A way that is being tried feeds nothing while none of its sources answers. */
function nothingAnswers(sources: readonly SourceHealth[]): boolean {
  const ofFloor = sources.filter(({ kind }) => kind === 'prometheus' || kind === 'exporter')
  return ofFloor.length > 0 && ofFloor.every(({ state }) => state === 'failing' || state === 'backoff')
}
