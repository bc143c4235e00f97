import type { Feed } from '../../../shared/model/source.ts'
import { Age } from '../../ui/figure/Age.tsx'
import { Glyph } from '../../ui/glyph/Glyph.tsx'

const WAYS: Record<Feed['path'], string> = {
  prometheus: 'The floor is fed through Prometheus',
  direct: 'The floor is fed directly from the exporters',
  none: 'Nothing feeds the floor',
}

/** Which of the two ways is in use, since when, why, and whether there is another one. */
export function FeedPanel({ feed }: { feed: Feed }) {
  const { path, since, reason, fallback } = feed
  const turned = path === 'none' || (path === 'direct' && fallback)
  return (
    <section className="feed" aria-label="Feed">
      <h1 className="feed-way">
        {turned && <Glyph name={path === 'none' ? 'critical' : 'advisory'} />} {WAYS[path]}
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
