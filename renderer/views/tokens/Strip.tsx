import type { TokensOverview } from '../../../shared/contract/tokens.ts'
import { formatDuration } from '../../../shared/model/time.ts'
import { say } from '../../../shared/messages/format.ts'
import type { TokensPlace } from '../../state/tokens/address.ts'
import { isFiltered } from '../../state/tokens/filters.ts'
import { rangeOf } from '../../state/tokens/ranges.ts'
import { Sparkline } from '../../ui/chart/Sparkline.tsx'
import { Age } from '../../ui/figure/Age.tsx'
import { Figure } from '../../ui/figure/Figure.tsx'
import { Tile, TileStrip } from '../../ui/tile/Tile.tsx'
import { Say } from '../../ui/text/Say.tsx'
import { type Flow, FlowRate, FlowTiles, sumOfTrend } from './FlowTiles.tsx'
import { LatencyTile } from './LatencyTile.tsx'
import { provenance } from './provenance.ts'
import { RangedFlow } from './RangedFlow.tsx'
import { standInFor } from './served/servedTexts.ts'

interface StripProps {
  readonly overview: TokensOverview
  readonly place: Pick<TokensPlace, 'filters' | 'range'>
}

/**
 * The factory in tokens over the chosen range: how many, of what, for how many requests, how many were wasted. How fast
 * it answers and how its servers do is of now.
 */
export function Strip({ overview, place }: StripProps) {
  const { filters } = place
  const filtered = isFiltered(filters)
  const isLive = place.range === 'live'
  return (
    <TileStrip label={filtered ? say('tokens.summary.filtered') : say('tokens.summary')}>
      {isLive ? (
        <PresentFlow overview={overview} />
      ) : (
        <RangedFlow filters={filters} range={rangeOf(place.range)} />
      )}
      <LatencyTile latency={overview.latency} present={!isLive} />
      <Servers servers={overview.servers} filtered={filtered} present={!isLive} />
    </TileStrip>
  )
}

function PresentFlow({ overview }: { overview: TokensOverview }) {
  const { trend, origin } = overview
  const standIn = standInFor(overview, null)
  const asOf = standIn?.at ?? origin.dataAsOf
  const flow: Flow = {
    ...overview,
    failedLabel: say('tokens.failed.tokens.label'),
    provenance: (what, value) => provenance(overview, what, value),
  }
  return (
    <>
      <Tile
        label={say('tokens.title')}
        chart={<Sparkline values={sumOfTrend(trend)} />}
        note={
          asOf === null ? (
            say('tokens.noAnswer')
          ) : (
            <>
              {standIn === null ? (
                <Say
                  id="tokens.asOf"
                  values={{ span: formatDuration(overview.windowMs), age: <Age at={asOf} /> }}
                />
              ) : (
                <Say
                  id="tokens.asOf.served"
                  values={{
                    span: formatDuration(overview.windowMs),
                    served: <span className="served-mark">{say('tokens.served')}</span>,
                    age: <Age at={asOf} />,
                  }}
                />
              )}
            </>
          )
        }
      >
        <FlowRate flow={flow} measure="tokens" size="large" />
      </Tile>
      <FlowTiles flow={flow} />
    </>
  )
}

const UNHEARD = say('servers.unheard')
const NONE_PASSES = say('servers.filtered')

/** What a gauge of the servers shows: refused where their own counters contradict it. */
function gauge(servers: TokensOverview['servers'], value: number | null) {
  return servers.implausible ? { value, state: 'implausible' as const, refused: value } : { value }
}

/** In doubt or silent, the note says so instead of how many there are. */
function noteOf(doubtful: number, silent: number) {
  if (doubtful > 0) return silent > 0 ? 'servers.note.both' : 'servers.note.doubtful'
  return silent > 0 ? 'servers.note.silent' : 'servers.note'
}

interface ServersProps {
  readonly servers: TokensOverview['servers']
  readonly filtered: boolean
  /** Beside figures of another time it says that it is of now. */
  readonly present: boolean
}

function Servers({ servers, filtered, present }: ServersProps) {
  const { count, silent, running, waiting, kvCache, kvCacheMost, at, doubtful, notes } = servers
  const percent = (ratio: number | null) => (ratio === null ? null : ratio * 100)
  const shared = {
    at,
    source: [say('servers.count', { count }), ...notes].join('. '),
    reason: [count > 0 ? say('servers.notReported') : filtered ? NONE_PASSES : UNHEARD, ...notes].join(' '),
  }
  return (
    <Tile
      label={present ? say('servers.title.now') : say('servers.title')}
      note={
        <Say
          id={noteOf(doubtful, silent)}
          values={{
            cache: <span className="servers-cache">{say('servers.cache')}</span>,
            mean: (
              <Figure
                {...shared}
                {...gauge(servers, percent(kvCache))}
                label={say('servers.kv.mean')}
                unit="%"
                digits={0}
                size="tiny"
              />
            ),
            most: (
              <Figure
                {...shared}
                {...gauge(servers, percent(kvCacheMost))}
                label={say('servers.kv.most')}
                unit="%"
                digits={0}
                size="tiny"
              />
            ),
            doubtful: (
              <Figure
                {...shared}
                label={say('servers.doubtful.label')}
                value={doubtful}
                kind="count"
                severity="advisory"
                size="tiny"
              />
            ),
            silent: (
              <Figure
                {...shared}
                label={say('servers.silent.label')}
                value={silent}
                kind="count"
                severity="advisory"
                size="tiny"
              />
            ),
            n: count,
            count: (
              <Figure
                {...shared}
                label={say('servers.title')}
                // None heard yet does not mean none there: so it is while the feed changes.
                value={at === null ? null : count}
                kind="count"
                size="tiny"
              />
            ),
          }}
        />
      }
    >
      <span>
        <Figure
          {...shared}
          {...gauge(servers, running)}
          label={say('servers.running.label')}
          digits={0}
          size="normal"
        />{' '}
        <span className="secondary">{say('servers.running')}</span>
      </span>
      <span>
        <Figure
          {...shared}
          {...gauge(servers, waiting)}
          label={say('servers.waiting.label')}
          digits={0}
          size="normal"
        />{' '}
        <span className="secondary">{say('servers.waiting')}</span>
      </span>
    </Tile>
  )
}
