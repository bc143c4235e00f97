import { scaleLinear } from 'd3'
import type { ReactNode } from 'react'
import type { EconomicAssumptions } from '../../../shared/model/economics.ts'
import { moneyText } from '../../../shared/model/moneyText.ts'
import { figureText } from '../../../shared/model/units.ts'
import { say } from '../../../shared/messages/format.ts'
import { type BreakEven, breakEven } from '../../state/yield/breakEven.ts'
import { Figure } from '../../ui/figure/Figure.tsx'

interface BreakEvenPictureProps {
  readonly assumptions: EconomicAssumptions
  /** Million tokens per active GPU-hour, as measured; null where it is not known. */
  readonly measured: number | null
  readonly currency: string
  readonly source: string
  readonly at: number | null
}

const MEGA = 1_000_000

/** From how many tokens on it is better to sell them than to rent the GPU out, and where this factory stands. */
export function BreakEvenPicture(props: BreakEvenPictureProps) {
  const { assumptions, measured, currency, source, at } = props
  const assumed = Number(assumptions.megatokensPerHour)
  const even = breakEven(assumptions, measured === null ? [] : [measured])
  const x = scaleLinear().domain([0, even.most]).range([0, 100])
  const y = scaleLinear().domain([0, even.top]).range([100, 0])
  return (
    <div className="even">
      <div className="even-y" aria-hidden="true">
        {y.ticks(4).map((amount) => (
          <span key={amount} style={{ insetBlockStart: `${y(amount)}%` }}>
            {moneyText(String(amount), currency)}
          </span>
        ))}
      </div>
      <svg
        className="even-plot"
        viewBox="0 0 100 100"
        preserveAspectRatio="none"
        role="img"
        aria-label={spoken(even, assumed, measured, currency)}
      >
        {y.ticks(4).map((amount) => (
          <path key={amount} className="even-grid" d={`M0 ${y(amount)}H100`} />
        ))}
        {measured !== null && <path className="even-measured" d={`M${x(measured)} 0V100`} />}
        <path className="even-assumed" d={`M${x(assumed)} 0V100`} />
        {even.at !== null && even.at <= even.most && (
          <path className="even-at" d={`M${x(even.at)} 100V${y(even.rented)}`} />
        )}
        <path className="even-rented" d={`M0 ${y(even.rented)}H100`} />
        <path className="even-sold" d={`M0 100L100 ${y(even.metered)}`} />
      </svg>
      <div className="even-x" aria-hidden="true">
        {x.ticks(6).map((megatokens) => (
          <span key={megatokens} style={{ insetInlineStart: `${x(megatokens)}%` }}>
            {megatokens === 0 ? '0' : figureText(megatokens * MEGA, { unit: 'tok' })}
          </span>
        ))}
      </div>
      <p className="even-unit secondary">
        {say('yields.even.axis', {
          currency,
          share: figureText(Number(assumptions.soldShare) * 100, { unit: '%' }),
        })}
      </p>
      <dl className="even-key">
        <Entry mark="rented" title={say('yields.even.rented')} />
        <Entry mark="sold" title={say('yields.even.sold')} />
        <Entry mark="at" title={say('yields.even.at')}>
          <Figure
            label={say('yields.even.at.label')}
            value={even.at === null ? null : even.at * MEGA}
            unit="tok"
            align="end"
            source={say('yields.even.at.source')}
            reason={say('yields.even.at.none')}
          />
        </Entry>
        <Entry mark="measured" title={say('yields.even.measured')}>
          <Figure
            label={say('yields.even.measured.label')}
            value={measured === null ? null : measured * MEGA}
            unit="tok"
            align="end"
            at={at}
            source={source}
            reason={say('yields.even.measured.none')}
          />
        </Entry>
        <Entry mark="assumed" title={say('yields.even.assumed')}>
          <Figure
            label={say('yields.even.assumed.label')}
            value={assumed * MEGA}
            unit="tok"
            align="end"
            source={say('yields.even.assumed.source')}
          />
        </Entry>
      </dl>
    </div>
  )
}

function Entry(props: { mark: string; title: string; children?: ReactNode }) {
  return (
    <div className="even-entry">
      <dt>
        <svg className="even-mark" viewBox="0 0 20 12" aria-hidden="true">
          <path className={`even-${props.mark}`} d={LEVEL.has(props.mark) ? 'M0 6H20' : 'M10 0V12'} />
        </svg>
        {props.title}
      </dt>
      <dd>{props.children}</dd>
    </div>
  )
}

/** Drawn along the picture; the others stand upright in it. */
const LEVEL = new Set(['rented', 'sold'])

function spoken(even: BreakEven, assumed: number, measured: number | null, currency: string): string {
  const tok = (megatokens: number): string => figureText(megatokens * MEGA, { unit: 'tok' })
  return [
    say('yields.even.spoken', { rented: moneyText(String(Math.round(even.rented)), currency) }),
    even.at === null
      ? say('yields.even.spoken.nothing')
      : say('yields.even.spoken.at', { tokens: tok(even.at) }),
    measured === null
      ? say('yields.even.spoken.assumed', { assumed: tok(assumed) })
      : say('yields.even.spoken.measured', { assumed: tok(assumed), measured: tok(measured) }),
  ].join(' ')
}
