import { useState } from 'react'
import type { ThrottleDetail, ThrottleSummary } from '../../../shared/contract/throttles.ts'
import { say, textOf } from '../../../shared/messages/format.ts'
import { visibleName } from '../../../shared/model/foreignText.ts'
import { openThrottleSheet } from '../../state/throttles/sheet.ts'
import { useStream } from '../../transport/context.tsx'
import { Property, Properties } from '../../ui/drawer/Drawer.tsx'
import { Figure } from '../../ui/figure/Figure.tsx'
import { LastKnown } from '../../ui/figure/LastKnown.tsx'
import { Button } from '../../ui/form/Button.tsx'
import { Glyph } from '../../ui/glyph/Glyph.tsx'
import { useActions } from '../../ui/keys/actions.ts'
import { ChangeForm } from './ChangeForm.tsx'
import { Facts } from './Facts.tsx'
import { Recovery } from './Recovery.tsx'
import { ThrottleChart } from './ThrottleChart.tsx'
import { TimeLeft } from './TimeLeft.tsx'
import { verdictGlyph } from './verdict.ts'
import './throttles.css'

interface ThrottleCardProps {
  readonly id: string
  /** Its keys work while the dialog around it is open. */
  readonly inDialog?: boolean
}

/** One throttle: what is the case, its three facts, prediction and outcome, what is left, and what can be done. */
export function ThrottleCard({ id, inDialog = false }: ThrottleCardProps) {
  const stream = useStream('throttles.throttle', { id })
  const { item, failure } = stream
  if (failure !== null && item === undefined) return <p>{textOf(failure.text)}</p>
  if (item === undefined) return <p className="secondary">{say('throttles.waiting')}</p>
  if (item === null) return <p>{say('throttles.gone')}</p>
  return (
    <LastKnown of={stream}>
      <Card detail={item} inDialog={inDialog} />
    </LastKnown>
  )
}

function Card({ detail, inDialog }: { detail: ThrottleDetail; inDialog: boolean }) {
  const { throttle } = detail
  const { verdict, headline, nextStep, pending } = throttle
  const [act, setAct] = useState<'release' | 'extend' | null>(null)
  const open = throttle.endedAt === null
  return (
    <div className="throttle-card" data-verdict={verdict}>
      <p className="throttle-headline" role="status">
        <Glyph name={verdictGlyph(verdict)} /> <strong>{textOf(headline)}</strong>
      </p>
      {nextStep !== null && <p className="throttle-next">{textOf(nextStep)}</p>}
      {pending !== null && (
        <p className="throttle-pending" role="status">
          <Glyph name="unknown" /> {textOf(pending)}
        </p>
      )}
      <Facts throttle={throttle} />
      <TimeLeft throttle={throttle} />
      <ThrottleChart detail={detail} />
      {detail.recovery !== null && <Recovery of={detail.recovery} />}
      <Properties>
        <Property name={say('throttles.card.limit')}>
          <Limit throttle={throttle} />
        </Property>
        <Property name={say('throttles.card.scope')}>{scopeText(throttle)}</Property>
        <Property name={say('throttles.reason')}>{throttle.reason}</Property>
        <Property name={say('throttles.card.by')}>
          {throttle.by.ours
            ? visibleName(throttle.by.name)
            : say('throttles.card.by.other', { name: visibleName(throttle.by.name) })}
        </Property>
        {throttle.incidentId !== null && (
          <Property name={say('throttles.card.incident')}>{visibleName(throttle.incidentId)}</Property>
        )}
      </Properties>
      {open &&
        (act === null ? (
          <CardActions throttle={throttle} onAct={setAct} inDialog={inDialog} />
        ) : (
          <ChangeForm throttle={throttle} act={act} onClose={() => setAct(null)} />
        ))}
    </div>
  )
}

function CardActions({
  throttle,
  onAct,
  inDialog,
}: {
  readonly throttle: ThrottleSummary
  readonly onAct: (act: 'release' | 'extend') => void
  readonly inDialog: boolean
}) {
  const { id, tenant, mode, limits } = throttle
  const tighten = (): void =>
    openThrottleSheet({ tenant: tenant.id, name: tenant.name, tpm: (limits.tpm ?? 0) / 2 }, id)
  const canTighten = mode === 'cap'
  const group = say('throttles.group')
  useActions([
    {
      id: 'throttle.release',
      title: say('throttles.action.release'),
      group,
      keys: 'r',
      inDialog,
      run: () => onAct('release'),
    },
    {
      id: 'throttle.extend',
      title: say('throttles.action.extend'),
      group,
      keys: 'x',
      inDialog,
      run: () => onAct('extend'),
    },
    ...(canTighten
      ? [
          {
            id: 'throttle.tighten',
            title: say('throttles.action.tighten'),
            group,
            keys: 'l',
            inDialog,
            run: tighten,
          },
        ]
      : []),
  ])
  return (
    <div className="throttle-buttons">
      <Button onClick={() => onAct('release')}>{say('throttles.card.release')}</Button>
      <Button onClick={() => onAct('extend')}>{say('throttles.card.extend')}</Button>
      {canTighten && <Button onClick={tighten}>{say('throttles.card.tighten')}</Button>}
    </div>
  )
}

export function Limit({ throttle }: { throttle: Pick<ThrottleSummary, 'mode' | 'limits'> }) {
  const { mode, limits } = throttle
  if (mode === 'block') return <>{say('throttles.limit.blocked')}</>
  return (
    <span className="throttle-limits">
      {limits.tpm !== null && (
        <Figure label={say('throttles.card.limit')} value={limits.tpm} unit="tok/min" />
      )}
      {limits.rpm !== null && (
        <Figure label={say('throttles.card.limit')} value={limits.rpm} unit="req/min" />
      )}
      {limits.maxConcurrent !== null && (
        <Figure label={say('throttles.card.limit.concurrent')} value={limits.maxConcurrent} unit="req" />
      )}
    </span>
  )
}

export function scopeText({ scope }: Pick<ThrottleSummary, 'scope'>): string {
  const names = [...scope.models, ...scope.endpoints, ...scope.keys]
  return names.length === 0 ? say('throttles.scope.whole') : names.map((name) => visibleName(name)).join(', ')
}
