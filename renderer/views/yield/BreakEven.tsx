import type { Yield } from '../../../shared/contract/tokens.ts'
import { HOURS_PER_YEAR, revenuePerGpuYear } from '../../../shared/model/economics.ts'
import { replaceParams, useNavigation } from '../../state/navigation.ts'
import {
  ASSUMPTION_FIELDS,
  assumptionsOf,
  assumptionTexts,
  measuredTexts,
  problemOf,
} from '../../state/yield/assumptions.ts'
import { Figure } from '../../ui/figure/Figure.tsx'
import { MoneyFigure } from '../../ui/figure/MoneyFigure.tsx'
import { Button } from '../../ui/form/Button.tsx'
import { TextField } from '../../ui/form/TextField.tsx'
import { BreakEvenPicture } from './BreakEvenPicture.tsx'
import { sourceOf } from './servedFor.ts'

/** Revenue of one GPU in a year, rented by the hour against sold by the token. Every input may be changed. */
export function BreakEven({
  item,
  configured,
}: {
  item: Yield
  configured: NonNullable<Yield['assumptions']>
}) {
  const params = useNavigation((route) => route.params)
  const texts = assumptionTexts(params, configured)
  const assumptions = assumptionsOf(texts)
  const revenue = assumptions === null ? null : revenuePerGpuYear(assumptions)
  const measured = measuredTexts(item.measured)
  const edited = ASSUMPTION_FIELDS.some(({ param }) => params[param] !== undefined)

  function set(changes: Readonly<Record<string, string>>): void {
    replaceParams('yield', { ...params, ...changes })
  }

  function reset(): void {
    const names = new Set(ASSUMPTION_FIELDS.map(({ param }) => param))
    replaceParams('yield', Object.fromEntries(Object.entries(params).filter(([name]) => !names.has(name))))
  }

  const most = revenue === null ? null : revenue.rented.gt(revenue.metered) ? revenue.rented : revenue.metered
  return (
    <section className="yield-section" aria-labelledby="break-even">
      <header className="yield-head">
        <h2 id="break-even">One GPU in a year: rented, or sold by the token</h2>
        <p className="secondary">Revenue, not profit, over {HOURS_PER_YEAR.toLocaleString('en')} hours.</p>
      </header>
      <div className="break-even-inputs">
        {ASSUMPTION_FIELDS.map((field) => (
          <TextField
            key={field.key}
            label={field.label}
            hint={`in ${field.hint === 'money' ? item.currency : field.hint}`}
            value={texts[field.key]}
            error={problemOf(texts[field.key], field)}
            onChange={(text) => set({ [field.param]: text })}
          />
        ))}
      </div>
      <div className="break-even-actions">
        <Button
          onClick={() => {
            if (measured !== null) set(measured)
          }}
          unavailable={
            measured === null ? 'Price, rate or share of sold capacity is not measured here.' : null
          }
        >
          Take what is measured
        </Button>
        <Button onClick={reset} unavailable={edited ? null : 'Nothing was changed.'}>
          As configured
        </Button>
      </div>
      <dl className="break-even-bars" aria-live="polite">
        {(
          [
            ['Rented by the hour', revenue?.rented],
            ['Sold by the token', revenue?.metered],
          ] as const
        ).map(([title, amount]) => (
          <div key={title} className="break-even-bar">
            <dt>{title}</dt>
            <dd>
              <span className="break-even-track" aria-hidden="true">
                {amount !== undefined && most !== null && !most.isZero() && (
                  <span style={{ inlineSize: `${amount.dividedBy(most).times(100).toFixed(2)}%` }} />
                )}
              </span>
              <MoneyFigure
                label={`${title}, per GPU and year`}
                amount={amount?.toString() ?? null}
                currency={item.currency}
                size="large"
                source="computed from the assumptions above"
                reason="One of the assumptions is no number."
              />
            </dd>
          </div>
        ))}
      </dl>
      <p className="secondary">
        {revenue !== null && revenue.ratio !== null ? (
          <>
            Sold by the token it brings{' '}
            <Figure label="Metered revenue to rented revenue" value={revenue.ratio.toNumber()} unit="×" /> the
            rent.
          </>
        ) : (
          'The ratio needs every assumption, and a rent above zero.'
        )}
      </p>
      {assumptions !== null && (
        <BreakEvenPicture
          assumptions={assumptions}
          measured={item.measured.megatokensPerHour}
          currency={item.currency}
          source={sourceOf(item)}
          at={item.origin.dataAsOf}
        />
      )}
    </section>
  )
}
