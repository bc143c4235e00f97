import { useState } from 'react'
import { engineNow } from '../../../state/now.ts'
import { useClient } from '../../../transport/context.tsx'
import { asCallFailure } from '../../../transport/failure.ts'
import { Dialog } from '../../../ui/dialog/Dialog.tsx'
import { Button } from '../../../ui/form/Button.tsx'

interface EvidenceDialogProps {
  readonly tenant: string
  readonly name: string
  readonly onClose: () => void
}

const MONTH_MS = 31 * 86_400_000

/** The evidence of what a tenant used, as a file. */
export function EvidenceDialog({ tenant, name, onClose }: EvidenceDialogProps) {
  const client = useClient()
  const [text, setText] = useState('')
  const write = async (): Promise<void> => {
    const toMs = engineNow()
    try {
      const {
        filename,
        mediaType,
        text: content,
      } = await client.call('tokens.evidence', {
        tenant,
        fromMs: toMs - MONTH_MS,
        toMs,
        format: 'csv',
      })
      const link = document.createElement('a')
      link.href = URL.createObjectURL(new Blob([content], { type: mediaType }))
      link.download = filename
      link.click()
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
      setText(`${filename} was handed to the browser.`)
    } catch (error) {
      const { message, nextStep } = asCallFailure(error)
      setText(`${message} ${nextStep}`)
    }
  }
  return (
    <Dialog
      title={`Evidence of what ${name === '' ? tenant : name} used`}
      onClose={onClose}
      actions={<Button onClick={() => void write()}>Save the last 31 days as CSV</Button>}
    >
      <p role="status">{text}</p>
    </Dialog>
  )
}
