import { say } from '../../../shared/messages/format.ts'
import { Glyph } from '../../ui/glyph/Glyph.tsx'

interface RefusedProps {
  /** Null: it was done, or nothing was asked for. */
  readonly failure: { readonly message: string; readonly nextStep: string } | null
}

/** What the engine said to a command that it did not do. */
export function Refused({ failure }: RefusedProps) {
  if (failure === null) return null
  return (
    <p className="sign-in-refused" role="alert">
      <Glyph name="advisory" />{' '}
      {say('access.failed', { problem: failure.message, nextStep: failure.nextStep })}
    </p>
  )
}

/** Of a command with its progress. */
export function failureOf(call: { readonly state: string; readonly failure?: RefusedProps['failure'] }) {
  return call.state === 'failed' ? (call.failure ?? null) : null
}
