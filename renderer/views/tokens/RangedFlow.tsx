import { say, textOf } from '../../../shared/messages/format.ts'
import type { TokenFilters } from '../../../shared/model/tokens.ts'
import { lackOf } from '../../state/tokens/measures.ts'
import { type RangeWhole, wholeOfBuckets, wholeOfSpan } from '../../state/tokens/rangeWhole.ts'
import type { Range } from '../../state/tokens/ranges.ts'
import { Sparkline } from '../../ui/chart/Sparkline.tsx'
import { LastGood } from '../../ui/figure/LastGood.tsx'
import { Tile } from '../../ui/tile/Tile.tsx'
import { type Flow, FlowRate, FlowTiles, sumOfTrend } from './FlowTiles.tsx'
import { isOld } from './provenance.ts'
import { type Ask, useAsked } from './useAsked.ts'

/** Enough for a shape beside a figure. */
const SPARK_POINTS = 30
const NO_FIGURES = wholeOfSpan({ whole: null } as Parameters<typeof wholeOfSpan>[0]).figures

interface Question {
  readonly filters: TokenFilters
  readonly range: Range
}

const askWhole: Ask<Question, RangeWhole> = async (client, { filters, range }, now, signal) => {
  const asked = { groupBy: null, filters, top: 1 }
  if (range.kind === 'span') {
    const span = {
      fromMs: now - range.spanMs,
      toMs: now,
      maxPoints: SPARK_POINTS,
      measure: 'tokens' as const,
    }
    return wholeOfSpan(await client.call('tokens.history', { ...asked, ...span }, { signal }))
  }
  const { bucket, buckets } = range
  return wholeOfBuckets(await client.call('tokens.totals', { ...asked, bucket, buckets }, { signal }))
}

/** All tokens over the chosen range: means of a span, sums of hours, days or months. The tiles of now are for the live one. */
export function RangedFlow({ filters, range }: Question) {
  const { answer, failure, askingSince } = useAsked<Question, RangeWhole>(
    { filters, range },
    range.everyMs,
    askWhole,
  )
  // While another question is under way its answer is not there: what is shown is named as what it is.
  const of = answer?.of.range ?? range
  const words = of.kind === 'span' ? say('tokens.mean', { range: of.words }) : of.words
  const whole = answer?.output ?? null
  const source = whole?.standIn?.source ?? whole?.origin.name ?? ''
  const flow: Flow = {
    rates: whole?.figures ?? NO_FIGURES,
    trend: whole?.trend ?? { input: [], output: [] },
    errorShare: whole?.errorShare ?? { byRequests: null, byTokens: null },
    failedLabel: say('tokens.failed.tokens.label'),
    ...(of.kind === 'span' ? {} : { totalsOf: of.words }),
    provenance(what, value) {
      if (whole === null) return { at: null, source, reason: failure?.text ?? say('tokens.noAnswer') }
      const old = value !== null && (failure !== null || (whole.standIn === null && isOld(whole.origin)))
      return {
        at: whole.standIn?.at ?? whole.origin.dataAsOf,
        source: `${source}, ${words}`,
        reason:
          failure?.text ?? (whole.standIn === null ? lackOf(whole.origin, what) : textOf(whole.standIn.why)),
        ...(old ? { state: 'stale' as const, quiet: true } : {}),
      }
    },
  }
  return (
    <>
      <Tile
        label={say('tokens.title')}
        chart={<Sparkline values={sumOfTrend(flow.trend)} />}
        note={
          <span aria-busy={askingSince !== null}>
            {words}
            {whole !== null && whole.standIn !== null && (
              <>
                {' '}
                <span className="served-mark">{say('tokens.served')}</span>
              </>
            )}
            {failure !== null && answer !== null && <LastGood at={answer.at} />}
          </span>
        }
      >
        <FlowRate flow={flow} measure="tokens" size="large" />
      </Tile>
      <FlowTiles flow={flow} />
    </>
  )
}
