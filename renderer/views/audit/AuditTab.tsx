import { useDeferredValue, useState } from 'react'
import { say, textOf } from '../../../shared/messages/format.ts'
import { useWhyNot } from '../../state/access/me.ts'
import { useClient } from '../../transport/context.tsx'
import { asCallFailure } from '../../transport/failure.ts'
import { EmptyState } from '../../ui/dialog/EmptyState.tsx'
import { Button } from '../../ui/form/Button.tsx'
import { Select } from '../../ui/form/Select.tsx'
import { TextField } from '../../ui/form/TextField.tsx'
import { saveText } from '../../ui/saveText.ts'
import { AuditTable } from './AuditTable.tsx'
import { ChainState } from './ChainState.tsx'
import { useAuditPage } from './useAuditPage.ts'

const ACTIONS = ['', 'throttle', 'incident', 'access', 'config', 'setup', 'audit'] as const

/** What was done: newest first, filtered, by pages; the state of the chain; its export. */
export function AuditTab() {
  const [text, setText] = useState('')
  const [action, setAction] = useState<(typeof ACTIONS)[number]>('')
  const [before, setBefore] = useState<number | null>(null)
  const filter = { text: useDeferredValue(text), action }
  const mayLook = useWhyNot('audit.page')
  const { page, failure } = useAuditPage(filter, before)
  const found = (change: () => void) => {
    setBefore(null)
    change()
  }
  if (mayLook !== null) return <EmptyState reason={say('audit.notShown')} nextStep={mayLook} />
  if (page?.why) return <EmptyState reason={textOf(page.why)} nextStep={say('audit.noStore.next')} />
  return (
    <>
      <div className="audit-tools">
        <TextField
          label={say('audit.filter')}
          value={text}
          onChange={(value) => found(() => setText(value))}
          placeholder={say('audit.filter.example')}
        />
        <Select
          label={say('audit.action')}
          value={action}
          options={ACTIONS.map((value) => ({
            value,
            title: say(`audit.action.${value === '' ? 'all' : value}`),
          }))}
          onChange={(value) => found(() => setAction(value))}
        />
        <Export />
      </div>
      <ChainState head={page?.head ?? null} />
      {failure !== null && (
        <p role="alert">{say('access.failed', { problem: failure.message, nextStep: failure.nextStep })}</p>
      )}
      {page !== null && page.rows.length === 0 ? (
        <EmptyState
          reason={text === '' && action === '' ? say('audit.empty') : say('audit.noMatch')}
          nextStep={text === '' && action === '' ? say('audit.empty.next') : say('audit.noMatch.next')}
        />
      ) : (
        <AuditTable rows={page?.rows ?? []} />
      )}
      <div className="audit-pages">
        {before !== null && <Button onClick={() => setBefore(null)}>{say('audit.newest')}</Button>}
        {page !== null && page.nextBefore !== null && (
          <Button onClick={() => setBefore(page.nextBefore)}>{say('audit.older')}</Button>
        )}
      </div>
    </>
  )
}

/** Saves the whole chain, in as many files as it takes. */
function Export() {
  const client = useClient()
  const may = useWhyNot('audit.export')
  const [state, setState] = useState<'idle' | 'pending' | { readonly problem: string }>('idle')
  async function run(): Promise<void> {
    setState('pending')
    try {
      let first: number | null = 1
      while (first !== null) {
        const part: { name: string; text: string; next: number | null } = await client.call('audit.export', {
          first,
        })
        if (part.name !== '') saveText(part.name, part.text, 'application/jsonl')
        first = part.next
      }
      setState('idle')
    } catch (error) {
      const { message, nextStep } = asCallFailure(error)
      setState({ problem: say('access.failed', { problem: message, nextStep }) })
    }
  }
  return (
    <div className="audit-export">
      <Button
        onClick={() => void run()}
        unavailable={may ?? (state === 'pending' ? say('audit.exporting') : null)}
      >
        {say('audit.export')}
      </Button>
      {typeof state === 'object' && <span role="alert">{state.problem}</span>}
    </div>
  )
}
