import { useState } from 'react'
import type { Evidence } from '../../../../shared/contract/tenants.ts'
import { engineNow } from '../../../state/now.ts'
import { useClient } from '../../../transport/context.tsx'
import { asCallFailure } from '../../../transport/failure.ts'
import { Dialog } from '../../../ui/dialog/Dialog.tsx'
import { Button } from '../../../ui/form/Button.tsx'
import { lastMonth, spanOf } from './days.ts'

interface EvidenceDialogProps {
  readonly tenant: string
  readonly name: string
  readonly onClose: () => void
}

/** What a tenant used in a period, with prices and its bill beside it, as a file for whoever disputes it. */
export function EvidenceDialog({ tenant, name, onClose }: EvidenceDialogProps) {
  const client = useClient()
  const [days, setDays] = useState(() => lastMonth(engineNow()))
  const [written, setWritten] = useState<Evidence | null>(null)
  const [trouble, setTrouble] = useState('')
  const span = spanOf(days, engineNow())
  const write = async (format: 'csv' | 'json'): Promise<void> => {
    setTrouble('')
    setWritten(null)
    if ('problem' in span) return
    try {
      const evidence = await client.call('tokens.evidence', { tenant, ...span, format })
      save(evidence)
      setWritten(evidence)
    } catch (error) {
      const { message, nextStep } = asCallFailure(error)
      setTrouble(`${message} ${nextStep}`)
    }
  }
  const field = (key: 'first' | 'last', title: string) => (
    <label className="evidence-day">
      {title}
      <input
        type="date"
        value={days[key]}
        onChange={({ target }) => setDays({ ...days, [key]: target.value })}
      />
    </label>
  )
  return (
    <Dialog
      title={`Evidence of what ${name === '' ? tenant : name} used`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={() => void write('csv')}>Save as CSV</Button>
          <Button onClick={() => void write('json')}>Save as JSON</Button>
        </>
      }
    >
      <p>Whole days of UTC, the last one included.</p>
      <p className="jobs-periods">
        {field('first', 'From ')}
        {field('last', ' to ')}
      </p>
      <div role="status">
        {'problem' in span && <p>{span.problem}</p>}
        {trouble !== '' && <p>{trouble}</p>}
        {written !== null && <Verdict evidence={written} />}
      </div>
    </Dialog>
  )
}

function Verdict({ evidence: { filename, reconciles, notes } }: { evidence: Evidence }) {
  return (
    <>
      <p>{filename} was handed over to be saved.</p>
      <p>{verdictOf(reconciles)}</p>
      {notes.map((note) => (
        <p key={note} className="secondary">
          {note}
        </p>
      ))}
    </>
  )
}

function verdictOf(reconciles: Evidence['reconciles']): string {
  if (reconciles === null) return 'There is no bill to compare it with.'
  const { equal, ours, theirs, difference, currency } = reconciles
  return equal
    ? `It is equal to the bill: ${ours} ${currency}.`
    : `It is not equal to the bill: ${ours} against ${theirs} ${currency}, a difference of ${difference}.`
}

function save({ filename, mediaType, text }: Evidence): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: mediaType }))
  link.download = filename
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
