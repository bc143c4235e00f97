import type { TokensOverview } from '../../../shared/contract/tokens.ts'
import type { Charted } from '../../../shared/model/tokens.ts'
import { chartedRate, MEASURE_WORDS } from '../../state/tokens/measures.ts'
import { Sparkline } from '../../ui/chart/Sparkline.tsx'
import { Age } from '../../ui/figure/Age.tsx'
import { Figure } from '../../ui/figure/Figure.tsx'
import type { FigureProps } from '../../ui/figure/figureProps.ts'
import { Tile, TileStrip } from '../../ui/tile/Tile.tsx'
import { LatencyTile } from './LatencyTile.tsx'
import { provenance } from './provenance.ts'
import { standInFor } from './served/servedTexts.ts'

interface StripProps {
  readonly overview: TokensOverview
  readonly filtered: boolean
}

/** The factory in tokens: how many a second, of what, for how many requests, how fast, how many in vain. */
export function Strip({ overview, filtered }: StripProps) {
  const { trend, origin } = overview
  const asOf = standInFor(overview, null)?.at ?? origin.dataAsOf
  const sum = trend.input.map((input, at) => {
    const output = trend.output[at] ?? null
    return input === null || output === null ? null : input + output
  })
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
              as of <Age at={asOf} />
            </>
          )
        }
      >
        <Rate overview={overview} measure="tokens" size="large" />
      </Tile>
      <Tile
        label="Input"
        chart={<Sparkline values={trend.input} />}
        note={
          <>
            cached <Rate overview={overview} measure="cachedInput" size="tiny" />
          </>
        }
      >
        <Rate overview={overview} measure="input" />
      </Tile>
      <Tile
        label="Output"
        chart={<Sparkline values={trend.output} />}
        note={
          <>
            reasoning <Rate overview={overview} measure="reasoning" size="tiny" />
          </>
        }
      >
        <Rate overview={overview} measure="output" />
      </Tile>
      <Tile
        label="Requests"
        note={
          <>
            rejected <Rate overview={overview} measure="rejected" size="tiny" />
          </>
        }
      >
        <Rate overview={overview} measure="requests" />
      </Tile>
      <Errors overview={overview} />
      <LatencyTile latency={overview.latency} />
      <Servers servers={overview.servers} filtered={filtered} />
    </TileStrip>
  )
}

interface RateProps {
  readonly overview: TokensOverview
  readonly measure: Charted
  readonly size?: NonNullable<FigureProps['size']>
}

function Rate({ overview, measure, size = 'normal' }: RateProps) {
  const value = chartedRate(overview.rates, measure)
  const { title, meaning, rateUnit } = MEASURE_WORDS[measure]
  return (
    <Figure
      {...provenance(overview, measure, value)}
      label={`${title} per second`}
      meaning={meaning}
      value={value}
      unit={rateUnit}
      size={size}
    />
  )
}

function Errors({ overview }: { overview: TokensOverview }) {
  const { byRequests, byTokens } = overview.errorShare
  const percent = (share: number | null): number | null => (share === null ? null : share * 100)
  return (
    <Tile
      label="Failed requests"
      note={
        <>
          <Figure
            {...provenance(overview, 'errorTokens', byTokens)}
            label="Tokens spent on failed requests, of all tokens"
            value={percent(byTokens)}
            unit="%"
            digits={2}
            size="tiny"
          />{' '}
          of tokens
        </>
      }
    >
      <Figure
        {...provenance(overview, 'errors', byRequests)}
        label="Failed requests, of all that ended"
        value={percent(byRequests)}
        unit="%"
        digits={2}
        size="normal"
      />
    </Tile>
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
              // Nobody heard yet is not nobody there: so it is while the way to them turns.
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
