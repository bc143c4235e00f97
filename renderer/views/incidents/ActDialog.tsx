import { useEffect, useId, useRef, useState } from 'react'
import type { IncidentRow } from '../../../shared/contract/incidents.ts'
import { say } from '../../../shared/messages/format.ts'
import { LONGEST_NOTE } from '../../../shared/model/incident.ts'
import { MOST_NAME } from '../../../shared/model/person.ts'
import { useClient } from '../../transport/context.tsx'
import { asCallFailure, type CallFailure } from '../../transport/failure.ts'
import type { Client } from '../../transport/types.ts'
import { Dialog } from '../../ui/dialog/Dialog.tsx'
import { Button } from '../../ui/form/Button.tsx'
import { Glyph } from '../../ui/glyph/Glyph.tsx'
import './incidents.css'

export type IncidentActKind = 'acknowledge' | 'note' | 'assign' | 'resolve' | 'reopen'

interface ActDialogProps {
  readonly incident: Pick<IncidentRow, 'id' | 'assignee'>
  readonly act: IncidentActKind
  readonly onClose: () => void
}

/** One field and the button that spells the act. Ctrl Enter sends; nothing is sent by Enter in a longer text. */
export function ActDialog({ incident, act, onClose }: ActDialogProps) {
  const { id, assignee } = incident
  const client = useClient()
  const field = useId()
  const input = useRef<HTMLInputElement & HTMLTextAreaElement>(null)
  // After the dialog has opened and chosen what it would focus.
  useEffect(() => input.current?.focus(), [])
  const [text, setText] = useState(() => firstText(act, assignee))
  const [failure, setFailure] = useState<CallFailure | null>(null)
  const [sending, setSending] = useState(false)
  const sent = useRef(false)
  const words = text.trim()
  const isLine = act === 'assign' || act === 'acknowledge'
  const missing = words === '' && act !== 'assign' ? say('incidents.act.words') : null

  async function send(): Promise<void> {
    if (missing !== null || sent.current) return
    sent.current = true
    setSending(true)
    setFailure(null)
    try {
      await done(client, act, id, words)
      onClose()
    } catch (error) {
      setFailure(asCallFailure(error))
      sent.current = false
      setSending(false)
    }
  }

  return (
    <Dialog
      title={say(`incidents.act.${act}`, { id })}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{say('incidents.act.cancel')}</Button>
          <Button
            kind="primary"
            unavailable={sending ? say('incidents.act.sending') : missing}
            onClick={() => void send()}
          >
            {say(`incidents.act.${act}.do`, { id })}
          </Button>
        </>
      }
    >
      <form
        className="incident-act"
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        <label htmlFor={field} className="field-label">
          {say(`incidents.act.${act}.field`)}
        </label>
        {isLine ? (
          <input
            ref={input}
            id={field}
            className="field-input"
            value={text}
            maxLength={act === 'assign' ? MOST_NAME : LONGEST_NOTE}
            autoComplete="off"
            onFocus={(event) => event.target.select()}
            onChange={(event) => setText(event.target.value)}
          />
        ) : (
          <textarea
            ref={input}
            id={field}
            className="field-input"
            rows={4}
            value={text}
            maxLength={LONGEST_NOTE}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
              event.preventDefault()
              void send()
            }}
          />
        )}
        <p className="field-hint">{say(`incidents.act.${act}.hint`)}</p>
        {failure !== null && (
          <p className="field-error" role="alert">
            <Glyph name="advisory" /> {failure.message} {failure.nextStep}
          </p>
        )}
      </form>
    </Dialog>
  )
}

function firstText(act: IncidentActKind, assignee: string | null): string {
  if (act === 'acknowledge') return say('incidents.act.acknowledge.first')
  return act === 'assign' ? (assignee ?? '') : ''
}

async function done(client: Client, act: IncidentActKind, id: string, words: string): Promise<void> {
  const options = {}
  if (act === 'note') await client.call('incidents.note', { id, text: words }, options)
  else if (act === 'assign')
    await client.call('incidents.assign', { id, to: words === '' ? null : words }, options)
  else await client.call(`incidents.${act}`, { id, reason: words }, options)
}
