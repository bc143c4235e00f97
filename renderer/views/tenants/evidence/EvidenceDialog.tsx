import { visibleName } from '../../../../shared/model/foreignText.ts'
import { useEffect, useRef, useState } from 'react'
import type { Evidence } from '../../../../shared/contract/tenants.ts'
import { formatSpan } from '../../../../shared/model/time.ts'
import { say } from '../../../../shared/messages/format.ts'
import { useNow } from '../../../state/now.ts'
import { engineNow } from '../../../transport/engineClock.ts'
import { useClient } from '../../../transport/context.tsx'
import { asCallFailure } from '../../../transport/failure.ts'
import { Dialog } from '../../../ui/dialog/Dialog.tsx'
import { useSiteZone } from '../../../ui/figure/freshness.ts'
import { Button } from '../../../ui/form/Button.tsx'
import { saveText } from '../../../ui/saveText.ts'
import { TextField } from '../../../ui/form/TextField.tsx'
import { Glyph } from '../../../ui/glyph/Glyph.tsx'
import { Segments } from '../../tokens/Segments.tsx'
import { dateIn, type Days, lastMonth, problemOf, thisMonth } from './days.ts'
import './evidence.css'

interface EvidenceDialogProps {
  readonly tenant: string
  readonly name: string
  readonly onClose: () => void
}

type DaysOf = 'site' | 'utc'
type Outcome =
  | { readonly kind: 'asking'; readonly since: number }
  | { readonly kind: 'written'; readonly evidence: Evidence }
  | { readonly kind: 'failed'; readonly text: string }
  | null

/** What a tenant used in a period, with prices and its bill beside it, as a file for whoever disputes it. */
export function EvidenceDialog({ tenant, name, onClose }: EvidenceDialogProps) {
  const client = useClient()
  const zone = useSiteZone()
  const [daysOf, setDaysOf] = useState<DaysOf>('site')
  const today = dateIn(engineNow(), daysOf === 'utc' ? 'UTC' : zone)
  const [days, setDays] = useState(() => lastMonth(today))
  const [outcome, setOutcome] = useState<Outcome>(null)
  const problem = problemOf(days, today)
  const abort = useRef<AbortController | null>(null)
  useEffect(() => () => abort.current?.abort(), [])

  /** What was told is true of the days that it was asked of alone. */
  const change = (next: { days?: Days; daysOf?: DaysOf }): void => {
    abort.current?.abort()
    setOutcome(null)
    if (next.days !== undefined) setDays(next.days)
    if (next.daysOf !== undefined) setDaysOf(next.daysOf)
  }
  const write = async (format: 'csv' | 'json'): Promise<void> => {
    if (problem !== null) return
    const own = new AbortController()
    abort.current?.abort()
    abort.current = own
    setOutcome({ kind: 'asking', since: engineNow() })
    try {
      const question = { tenant, ...days, daysOf, format }
      const evidence = await client.call('tokens.evidence', question, { signal: own.signal })
      saveText(evidence.filename, evidence.text, evidence.mediaType)
      setOutcome({ kind: 'written', evidence })
    } catch (error) {
      if (own.signal.aborted) return
      const { message, nextStep } = asCallFailure(error)
      setOutcome({ kind: 'failed', text: `${message} ${nextStep}` })
    }
  }
  return (
    <Dialog
      title={say('evidence.title', { tenant: visibleName(name === '' ? tenant : name) })}
      onClose={onClose}
      actions={
        <>
          <Button onClick={() => void write('json')} unavailable={problem}>
            {say('evidence.json')}
          </Button>
          <Button kind="primary" onClick={() => void write('csv')} unavailable={problem}>
            {say('evidence.csv')}
          </Button>
        </>
      }
    >
      <p className="secondary">{say('evidence.what')}</p>
      <div className="evidence-days">
        <TextField
          label={say('evidence.first')}
          value={days.first}
          onChange={(first) => change({ days: { ...days, first } })}
          required
        />
        <TextField
          label={say('evidence.last')}
          value={days.last}
          onChange={(last) => change({ days: { ...days, last } })}
          required
        />
        <Button onClick={() => change({ days: lastMonth(today) })}>{say('evidence.lastMonth')}</Button>
        <Button onClick={() => change({ days: thisMonth(today) })}>{say('evidence.thisMonth')}</Button>
      </div>
      {zone !== 'UTC' && (
        <Segments<DaysOf>
          label={say('evidence.daysOf')}
          value={daysOf}
          options={[
            {
              value: 'site',
              title: say('evidence.daysOf.site', { zone }),
              hint: say('evidence.daysOf.site.hint'),
            },
            { value: 'utc', title: say('evidence.daysOf.utc'), hint: say('evidence.daysOf.utc.hint') },
          ]}
          onChange={(value) => change({ daysOf: value })}
        />
      )}
      <div role="status" className="evidence-outcome">
        {problem === null ? <Told outcome={outcome} /> : <Trouble text={problem} />}
      </div>
    </Dialog>
  )
}

function Told({ outcome }: { outcome: Outcome }) {
  if (outcome === null) return null
  if (outcome.kind === 'asking') return <Asking since={outcome.since} />
  if (outcome.kind === 'failed') return <Trouble text={outcome.text} />
  const { filename, reconciles, notes } = outcome.evidence
  return (
    <>
      <p>{say('evidence.saved', { filename })}</p>
      <Verdict reconciles={reconciles} />
      {notes.map((note) => (
        <p key={note} className="secondary">
          {note}
        </p>
      ))}
    </>
  )
}

/** Its own component, so that only it ticks. */
function Asking({ since }: { since: number }) {
  const now = useNow()
  return <p className="secondary">{say('evidence.asking', { elapsed: formatSpan(now - since) })}</p>
}

function Trouble({ text }: { text: string }) {
  return (
    <p>
      <Glyph name="advisory" /> {text}
    </p>
  )
}

function Verdict({ reconciles }: Pick<Evidence, 'reconciles'>) {
  if (reconciles === null) return <p>{say('evidence.noBill')}</p>
  const { equal, certain, ours, theirs, difference, currency } = reconciles

  if (equal && !certain) return <Trouble text={say('evidence.equal.soFar', { amount: ours, currency })} />
  if (equal) {
    return (
      <p>
        <Glyph name="check" /> {say('evidence.equal', { amount: ours, currency })}
      </p>
    )
  }
  return (
    <Trouble
      text={say(certain ? 'evidence.differs' : 'evidence.differs.soFar', {
        ours,
        theirs,
        currency,
        difference,
      })}
    />
  )
}
