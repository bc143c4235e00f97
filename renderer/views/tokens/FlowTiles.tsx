import type { Charted, Rates } from '../../../shared/model/tokens.ts'
import { say } from '../../../shared/messages/format.ts'
import { chartedRate, MEASURE_WORDS } from '../../state/tokens/measures.ts'
import { Sparkline } from '../../ui/chart/Sparkline.tsx'
import { Figure } from '../../ui/figure/Figure.tsx'
import type { FigureProps } from '../../ui/figure/figureProps.ts'
import { FigureTile } from '../../ui/tile/FigureTile.tsx'
import { Tile } from '../../ui/tile/Tile.tsx'
import { Say } from '../../ui/text/Say.tsx'
import type { Provenanced } from './provenance.ts'

/** Tokens and requests of the factory, of what filters leave of it, or of one tenant. */
export interface Flow {
  readonly rates: Rates
  readonly trend: { readonly input: readonly (number | null)[]; readonly output: readonly (number | null)[] }
  /** Of requests that ended, and of tokens, 0–1. */
  readonly errorShare: { readonly byRequests: number | null; readonly byTokens: number | null }
  /** Whose tokens these are, as in "of all its tokens". */
  readonly failedLabel: string
  /** Totals of these hours, days or months ("totals of 24 hours") instead of means per second. */
  readonly totalsOf?: string
  provenance(what: Charted, value: number | null): Provenanced
}

/** Input and output together, step by step; null where either is not known. */
export function sumOfTrend({ input, output }: Flow['trend']): (number | null)[] {
  return input.map((value, at) => {
    const other = output[at] ?? null
    return value === null || other === null ? null : value + other
  })
}

/** Input, output and requests with their parts, and what failed. */
export function FlowTiles({ flow }: { flow: Flow }) {
  const { byRequests, byTokens } = flow.errorShare
  return (
    <>
      <Tile
        label={say('tokens.input')}
        chart={<Sparkline values={flow.trend.input} />}
        note={
          <>
            <Say
              id="tokens.cached"
              values={{ rate: <FlowRate flow={flow} measure="cachedInput" size="tiny" /> }}
            />
          </>
        }
      >
        <FlowRate flow={flow} measure="input" />
      </Tile>
      <Tile
        label={say('tokens.output')}
        chart={<Sparkline values={flow.trend.output} />}
        note={
          <>
            <Say
              id="tokens.reasoning"
              values={{ rate: <FlowRate flow={flow} measure="reasoning" size="tiny" /> }}
            />
          </>
        }
      >
        <FlowRate flow={flow} measure="output" />
      </Tile>
      <Tile
        label={say('tokens.requests')}
        note={
          <>
            <Say
              id="tokens.rejected"
              values={{ rate: <FlowRate flow={flow} measure="rejected" size="tiny" /> }}
            />
          </>
        }
      >
        <FlowRate flow={flow} measure="requests" />
      </Tile>
      <FigureTile
        of={say('tokens.failed')}
        figure={{
          ...flow.provenance('errors', byRequests),
          label: say('tokens.failed.label'),
          value: percent(byRequests),
          unit: '%',
          digits: 2,
          size: 'normal',
        }}
        note={
          <>
            <Say
              id="tokens.failed.tokens"
              values={{
                share: (
                  <Figure
                    {...flow.provenance('errorTokens', byTokens)}
                    label={flow.failedLabel}
                    value={percent(byTokens)}
                    unit="%"
                    digits={2}
                    size="tiny"
                  />
                ),
              }}
            />
          </>
        }
      />
    </>
  )
}

interface FlowRateProps {
  readonly flow: Pick<Flow, 'rates' | 'provenance' | 'totalsOf'>
  readonly measure: Charted
  readonly size?: NonNullable<FigureProps['size']>
}

/** One measure per second, or in total, with what it means. */
export function FlowRate({ flow, measure, size = 'normal' }: FlowRateProps) {
  const value = chartedRate(flow.rates, measure)
  const { title, meaning, rateUnit, totalUnit } = MEASURE_WORDS[measure]
  const { totalsOf } = flow
  return (
    <Figure
      {...flow.provenance(measure, value)}
      label={
        totalsOf === undefined
          ? say('tokens.perSecond', { measure: title })
          : say('tokens.totals.all.label', { measure: title, range: totalsOf })
      }
      meaning={meaning}
      value={value}
      unit={totalsOf === undefined ? rateUnit : totalUnit}
      size={size}
    />
  )
}

function percent(share: number | null): number | null {
  return share === null ? null : share * 100
}
