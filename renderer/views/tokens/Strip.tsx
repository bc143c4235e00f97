import type { TokensOverview } from '../../../shared/contract/tokens.ts'
import { formatDuration } from '../../../shared/model/time.ts'
import { Sparkline } from '../../ui/chart/Sparkline.tsx'
import { Age } from '../../ui/figure/Age.tsx'
import { Figure } from '../../ui/figure/Figure.tsx'
import { Tile, TileStrip } from '../../ui/tile/Tile.tsx'
import { type Flow, FlowRate, FlowTiles } from './FlowTiles.tsx'
import { LatencyTile } from './LatencyTile.tsx'
import { provenance } from './provenance.ts'
import { standInFor } from './served/servedTexts.ts'

interface StripProps {
  readonly overview: TokensOverview
  readonly filtered: boolean
}

/** The factory in tokens: how many a second, of what, for how many requests, how fast, how many were wasted. */
export function Strip({ overview, filtered }: StripProps) {
  const { trend, origin } = overview
  const standIn = standInFor(overview, null)
  const asOf = standIn?.at ?? origin.dataAsOf
  const sum = trend.input.map((input, at) => {
    const output = trend.output[at] ?? null
    return input === null || output === null ? null : input + output
  })
  const flow: Flow = {
    ...overview,
    whole: 'of all tokens',
    provenance: (what, value) => provenance(overview, what, value),
  }
  return (
    <TileStrip label={filtered ? 'Summary of what the filters leave' : 'Summary of all tokens'}>
      <Tile
        label="Tokens"
        chart={<Sparkline values={sum} />}
        note={
          asOf === null ? (
            'no answer yet'
          ) : (
            <>
              mean of {formatDuration(overview.windowMs)},{' '}
              {standIn === null ? 'as of' : <span className="served-mark">served</span>} <Age at={asOf} />
            </>
          )
        }
      >
        <FlowRate flow={flow} measure="tokens" size="large" />
      </Tile>
      <FlowTiles flow={flow} />
      <LatencyTile latency={overview.latency} />
      <Servers servers={overview.servers} filtered={filtered} />
    </TileStrip>
  )
}

const UNHEARD =
  'No inference server has been heard: none is configured, none reports through Prometheus, or they are just being asked.'
const NONE_PASSES = 'No inference server passes the filters.'

/** What a gauge of the servers shows: refused where their own counters contradict it. */
function gauge(servers: TokensOverview['servers'], value: number | null) {
  return servers.implausible ? { value, state: 'implausible' as const, refused: value } : { value }
}

function Servers({ servers, filtered }: { servers: TokensOverview['servers']; filtered: boolean }) {
  const { count, silent, running, waiting, kvCache, kvCacheMost, at, doubtful, notes } = servers
  const percent = (ratio: number | null) => (ratio === null ? null : ratio * 100)
  const shared = {
    at,
    source: [`${count} inference servers`, ...notes].join('. '),
    reason: [count > 0 ? 'No inference server reports it.' : filtered ? NONE_PASSES : UNHEARD, ...notes].join(
      ' ',
    ),
  }
  return (
    <Tile
      label="Inference servers"
      note={
        <>
          KV {doubtful + silent === 0 && <span className="servers-cache">cache </span>}
          <Figure
            {...shared}
            {...gauge(servers, percent(kvCache))}
            label="KV cache in use, mean"
            unit="%"
            digits={0}
            size="tiny"
          />
          {' max '}
          <Figure
            {...shared}
            {...gauge(servers, percent(kvCacheMost))}
            label="KV cache in use, the fullest"
            unit="%"
            digits={0}
            size="tiny"
          />
          {' · '}
          {doubtful > 0 && (
            <>
              <Figure
                {...shared}
                label="Servers whose queues contradict their counters"
                value={doubtful}
                kind="count"
                severity="advisory"
                size="tiny"
              />
              {silent > 0 ? ' doubtful, ' : ' doubtful'}
            </>
          )}
          {silent > 0 && (
            <>
              <Figure
                {...shared}
                label="Servers that do not answer"
                value={silent}
                kind="count"
                severity="advisory"
                size="tiny"
              />
              {' silent of '}
            </>
          )}
          {(doubtful === 0 || silent > 0) && (
            <Figure
              {...shared}
              label="Inference servers"
              // None heard yet does not mean none there: so it is while the feed changes.
              value={at === null ? null : count}
              kind="count"
              size="tiny"
            />
          )}
          {doubtful + silent === 0 && ' servers'}
        </>
      }
    >
      <span>
        <Figure {...shared} {...gauge(servers, running)} label="Requests that run" digits={0} size="normal" />{' '}
        <span className="secondary">run</span>
      </span>
      <span>
        <Figure
          {...shared}
          {...gauge(servers, waiting)}
          label="Requests that wait"
          digits={0}
          size="normal"
        />{' '}
        <span className="secondary">wait</span>
      </span>
    </Tile>
  )
}
