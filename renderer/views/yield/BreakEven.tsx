import type { Yield } from '../../../shared/contract/tokens.ts'
import { HOURS_PER_YEAR, revenuePerGpuYear } from '../../../shared/model/economics.ts'
import { say } from '../../../shared/messages/format.ts'
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
import { Say } from '../../ui/text/Say.tsx'
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
        <h2 id="break-even">{say('yields.even.title')}</h2>
        <p className="secondary">{say('yields.even.hours', { hours: HOURS_PER_YEAR })}</p>
      </header>
      <div className="break-even-inputs">
        {ASSUMPTION_FIELDS.map((field) => (
          <TextField
            key={field.key}
            label={field.label}
            hint={say('yields.even.unit', { unit: field.hint === 'money' ? item.currency : field.hint })}
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
          unavailable={measured === null ? say('yields.even.notMeasured') : null}
        >
          {say('yields.even.takeMeasured')}
        </Button>
        <Button onClick={reset} unavailable={edited ? null : say('yields.even.unchanged')}>
          {say('yields.even.configured')}
        </Button>
      </div>
      <dl className="break-even-bars" aria-live="polite">
        {(
          [
            [say('yields.even.rented'), revenue?.rented],
            [say('yields.even.sold'), revenue?.metered],
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
                label={say('yields.even.perYear', { title })}
                amount={amount?.toString() ?? null}
                currency={item.currency}
                size="large"
                source={say('yields.even.source')}
                reason={say('yields.even.invalid')}
              />
            </dd>
          </div>
        ))}
      </dl>
      <p className="secondary">
        {revenue !== null && revenue.ratio !== null ? (
          <>
            <Say
              id="yields.even.ratio"
              values={{
                ratio: (
                  <Figure label={say('yields.even.ratio.label')} value={revenue.ratio.toNumber()} unit="×" />
                ),
              }}
            />
          </>
        ) : (
          say('yields.even.ratio.none')
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
