import type { ReactNode } from 'react'
import type { ThrottlePreview, ThrottleScope, ThrottleSummary } from '../../../shared/contract/throttles.ts'
import type { TenantDetail } from '../../../shared/contract/tenants.ts'
import { say, textOf } from '../../../shared/messages/format.ts'
import { visibleName } from '../../../shared/model/foreignText.ts'
import { formatClock, zoneName } from '../../../shared/model/time.ts'
import { useNow } from '../../state/now.ts'
import { parseLimit } from '../../state/throttles/limitText.ts'
import type { ThrottleSubject } from '../../state/throttles/sheet.ts'
import { useSiteZone } from '../../ui/figure/freshness.ts'
import { Figure } from '../../ui/figure/Figure.tsx'
import { Glyph } from '../../ui/glyph/Glyph.tsx'
import { Chip } from '../../ui/form/Chip.tsx'
import { Select } from '../../ui/form/Select.tsx'
import { TextField } from '../../ui/form/TextField.tsx'
import { Say } from '../../ui/text/Say.tsx'
import { type Draft, DURATIONS, shownLimit } from './draft.ts'
import { ThenFigures } from './ThenFigures.tsx'
import type { PreviewState } from './usePreview.ts'

function Step({ number, title, children }: { number: number; title: string; children: ReactNode }) {
  return (
    <section className="throttle-step">
      <h3 className="throttle-step-title">
        <span className="throttle-step-number">{number}</span> {title}
      </h3>
      <div className="throttle-step-body">{children}</div>
    </section>
  )
}

export function WhoStep({ subject, tenant }: { subject: ThrottleSubject; tenant: TenantDetail | null }) {
  const name = tenant?.name || subject.name
  return (
    <Step number={1} title={say('throttles.step.who')}>
      <p className="throttle-who">
        <strong>{visibleName(subject.tenant)}</strong>
        {name !== '' && name !== subject.tenant && <> · {visibleName(name)}</>}
        {tenant !== null && (
          <span className="throttle-facts">
            <Fact title={say('throttles.who.share')}>
              <Figure
                label={say('throttles.who.share')}
                value={tenant.share === null ? null : tenant.share * 100}
                unit="%"
                reason={say('throttles.unknown')}
              />
            </Fact>
            <Fact title={say('throttles.who.excess')}>
              <Figure
                label={say('throttles.who.excess')}
                value={tenant.excess}
                unit="tok/s"
                reason={say('throttles.who.noEntitlement')}
              />
            </Fact>
          </span>
        )}
      </p>
      {subject.why !== undefined && <p className="secondary">{subject.why}</p>}
    </Step>
  )
}

function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <span className="throttle-fact">
      <span className="secondary">{title}</span> {children}
    </span>
  )
}

interface WhatProps {
  readonly draft: Draft
  readonly change: (part: Partial<Draft>) => void
  readonly proposed: number | null
  readonly tenant: TenantDetail | null
  readonly preview: ThrottlePreview | null
  /** The throttle that is tightened. */
  readonly present: ThrottleSummary | null
}

export function WhatStep({ draft, change, proposed, tenant, preview, present }: WhatProps) {
  const now = useNow()
  const zone = useSiteZone()
  const text = shownLimit(draft, proposed)
  const until = now + draft.minutes * 60_000
  const most = preview?.mostMinutes ?? Infinity
  return (
    <Step number={2} title={say('throttles.step.what')}>
      <div className="throttle-fields">
        {present === null && (
          <Select<'cap' | 'block'>
            label={say('throttles.what.mode')}
            value={draft.mode}
            options={[
              { value: 'cap', title: say('throttles.what.cap') },
              { value: 'block', title: say('throttles.what.block') },
            ]}
            onChange={(mode) => change({ mode })}
          />
        )}
        {draft.mode === 'cap' && (
          <TextField
            label={say('throttles.what.limit')}
            value={text}
            error={text !== '' && parseLimit(text) === null ? say('throttles.what.limit.wrong') : null}
            onChange={(limit) => change({ limit })}
          />
        )}
        {present === null && (
          <Select<string>
            label={say('throttles.what.for')}
            value={String(draft.minutes)}
            options={DURATIONS.filter((minutes) => minutes <= most).map((minutes) => ({
              value: String(minutes),
              title: say('throttles.minutes', { minutes }),
            }))}
            onChange={(minutes) => change({ minutes: Number(minutes) })}
            hint={say('throttles.what.until', {
              clock: `${formatClock(until, zone, 'minutes')} ${zoneName(until, zone)}`,
            })}
          />
        )}
      </div>
      <ScopeChips draft={draft} change={change} tenant={tenant} fixed={present !== null} />
      {preview !== null && <Bars preview={preview} />}
    </Step>
  )
}

function ScopeChips({
  draft,
  change,
  tenant,
  fixed,
}: Pick<WhatProps, 'draft' | 'change' | 'tenant'> & { readonly fixed: boolean }) {
  const { scope } = draft
  const parts = [
    ['models', say('throttles.scope.models'), tenant?.models ?? []],
    ['endpoints', say('throttles.scope.endpoints'), tenant?.endpoints ?? []],
  ] as const
  const toggle = (list: keyof ThrottleScope, name: string): void => {
    const names = scope[list].includes(name)
      ? scope[list].filter((each) => each !== name)
      : [...scope[list], name]
    change({ scope: { ...scope, [list]: names } })
  }
  return (
    <div className="throttle-scope">
      {parts.map(([list, title, known]) => {
        const names = [...new Set([...known.map(({ name }) => name), ...scope[list]])].slice(0, 24)
        return (
          <fieldset key={list} className="throttle-chips">
            <legend className="secondary">{title}</legend>
            {fixed ? (
              <span>
                {scope[list].length === 0
                  ? say('throttles.scope.all')
                  : scope[list].map(visibleName).join(', ')}
              </span>
            ) : (
              <>
                <Chip
                  on={scope[list].length === 0}
                  onToggle={() => change({ scope: { ...scope, [list]: [] } })}
                >
                  {say('throttles.scope.all')}
                </Chip>
                {names.map((name) => (
                  <Chip key={name} on={scope[list].includes(name)} onToggle={() => toggle(list, name)}>
                    {visibleName(name)}
                  </Chip>
                ))}
              </>
            )}
          </fieldset>
        )
      })}
    </div>
  )
}

/** What flows now against what would, on one scale; the figures stand beside the bars. */
function Bars({ preview }: { preview: ThrottlePreview }) {
  const { current, cappedTokensPerMin, base, effectiveNow, effectiveAfter, others } = preview
  const most = Math.max(current.tokens ?? 0, cappedTokensPerMin ?? 0, 1)
  return (
    <div className="throttle-bars">
      <Bar title={say('throttles.bar.now')} value={current.tokens} most={most} />
      <Bar title={say('throttles.bar.after')} value={cappedTokensPerMin} most={most} />
      <p className="secondary">
        <Say
          id="throttles.bar.limits"
          values={{
            base: perMinute(base.tpm, say('throttles.bar.base')),
            now: perMinute(effectiveNow.tpm, say('throttles.bar.effectiveNow')),
            after: perMinute(effectiveAfter.tpm, say('throttles.bar.effectiveAfter')),
            others: others.length,
          }}
        />
      </p>
    </div>
  )
}

function perMinute(value: number | null, label: string) {
  return <Figure label={label} value={value} unit="tok/min" reason={say('throttles.limit.none')} quiet />
}

function Bar({ title, value, most }: { title: string; value: number | null; most: number }) {
  return (
    <div className="throttle-bar">
      <span className="secondary">{title}</span>
      <span className="throttle-bar-track" aria-hidden="true">
        <span className="throttle-bar-fill" style={{ width: `${((value ?? 0) / most) * 100}%` }} />
      </span>
      <Figure label={title} value={value} unit="tok/min" reason={say('throttles.unknown')} align="end" />
    </div>
  )
}

export function ThenStep({ state }: { state: PreviewState }) {
  const { preview, isAsking, failure } = state
  return (
    <Step number={3} title={say('throttles.step.then')}>
      {failure !== null && (
        <p className="field-error" role="alert">
          <Glyph name="advisory" /> {failure.message} {failure.nextStep}
        </p>
      )}
      {preview === null && failure === null && (
        <p className="secondary">
          {isAsking ? say('throttles.then.asking') : say('throttles.sheet.incomplete')}
        </p>
      )}
      {preview !== null && (
        <div className={state.unusable === null ? '' : 'throttle-stale'}>
          <ThenFigures preview={preview} />
          <ul className="throttle-lacks">
            {preview.lacks.map((each) => (
              <li key={`${each.id} ${JSON.stringify(each.values)}`}>{textOf(each)} </li>
            ))}
          </ul>
        </div>
      )}
    </Step>
  )
}

interface ReasonProps {
  readonly draft: Draft
  readonly change: (part: Partial<Draft>) => void
  readonly preview: ThrottlePreview | null
}

export function ReasonStep({ draft, change, preview }: ReasonProps) {
  const { needed, abovePercent, breakGlass } = preview?.secondPerson ?? {}
  return (
    <Step number={4} title={say('throttles.step.reason')}>
      <TextField
        label={say('throttles.reason')}
        value={draft.reason}
        required
        firstFocus
        onChange={(reason) => change({ reason })}
      />
      {needed === true && (
        <div className="throttle-second">
          <p>
            <Glyph name="advisory" />{' '}
            {say('throttles.second.needed', {
              cut: Math.round(preview?.cutPercent ?? 0),
              percent: abovePercent ?? 0,
            })}
          </p>
          {breakGlass === true ? (
            <label className="throttle-check">
              <input
                type="checkbox"
                checked={draft.breakGlass}
                onChange={(event) => change({ breakGlass: event.target.checked })}
              />
              {say('throttles.second.breakGlass')}
            </label>
          ) : (
            <p>{say('throttles.refused.secondPerson.elsewhere')}</p>
          )}
        </div>
      )}
    </Step>
  )
}
