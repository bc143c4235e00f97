import type { FigureState } from '../../../shared/model/figure.ts'
import { moneyText } from '../../../shared/model/moneyText.ts'
import { say } from '../../../shared/messages/format.ts'
import { useExplanation } from '../tooltip/registry.ts'
import { Digits } from './Digits.tsx'
import type { FigureProps } from './figureProps.ts'
import { useStaleSince } from './freshness.ts'
import { Provenance } from './Provenance.tsx'
import './figure.css'

interface MoneyFigureProps
  extends Pick<FigureProps, 'label' | 'meaning' | 'at' | 'source' | 'reason' | 'size' | 'align' | 'quiet'> {
  /** Only `stale` is claimed from outside: what it was made of is old. */
  readonly state?: 'stale'
  /** Decimal number in a string; null where there is none. */
  readonly amount: string | null
  /** ISO 4217. */
  readonly currency: string
  /** After the amount: `/Mtok`, `/GPU-h`. */
  readonly per?: string
  /** Every decimal, as a bill has to. */
  readonly exact?: boolean
}

/** As Figure, for money, which is decimal from the price list to the screen. The exact amount stands in the tooltip. */
export function MoneyFigure(props: MoneyFigureProps) {
  const { label, amount, currency, per = '', size = 'small', align = 'start', exact = false } = props
  const staleSince = useStaleSince()
  const old = staleSince !== null || props.state === 'stale'
  const state: FigureState = amount === null ? 'absent' : old ? 'stale' : 'ok'
  const ref = useExplanation(() => (
    <Provenance
      {...props}
      value={null}
      shown={state}
      connectionLostAt={staleSince}
      exactText={amount === null ? undefined : `${moneyText(amount, currency, 'exact')}${per}`}
    />
  ))
  return (
    <span
      ref={ref}
      className={`figure figure-${size} figure-${align}`}
      data-state={state}
      data-inspect=""
      tabIndex={-1}
    >
      <span className="visually-hidden">{label}: </span>
      <span className="figure-digits">
        {amount === null ? (
          '\u2014'
        ) : (
          <Digits text={moneyText(amount, currency, exact ? 'exact' : 'rounded')} />
        )}
      </span>
      {amount !== null && per !== '' && <span className="figure-unit">{per}</span>}
      {amount === null && (
        <span className="visually-hidden">
          {' '}
          {props.reason === undefined
            ? say('figure.money.absent')
            : say('figure.money.absent.why', { reason: props.reason })}
        </span>
      )}
      {state === 'stale' && <span className="visually-hidden"> {say('figure.money.stale')}</span>}
    </span>
  )
}
