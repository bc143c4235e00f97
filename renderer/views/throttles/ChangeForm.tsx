import { useEffect, useRef, useState } from 'react'
import type { ThrottleSummary } from '../../../shared/contract/throttles.ts'
import { say, textOf } from '../../../shared/messages/format.ts'
import { visibleName } from '../../../shared/model/foreignText.ts'
import { useCall } from '../../transport/context.tsx'
import { Button } from '../../ui/form/Button.tsx'
import { Select } from '../../ui/form/Select.tsx'
import { TextField } from '../../ui/form/TextField.tsx'
import { useActions } from '../../ui/keys/actions.ts'
import { useEscape } from '../../ui/keys/useEscape.ts'
import { DURATIONS } from './draft.ts'

interface ChangeFormProps {
  readonly throttle: ThrottleSummary
  readonly act: 'release' | 'extend'
  readonly onClose: () => void
}

const USUAL_EXTENSION = 15

/** Releases or extends, with a reason; the button spells the act, and Enter in the field does nothing. */
export function ChangeForm({ throttle, act, onClose }: ChangeFormProps) {
  const [reason, setReason] = useState(say(`throttles.change.${act}.reason`))
  const [minutes, setMinutes] = useState<number>(USUAL_EXTENSION)
  const release = useCall('throttles.release')
  const extend = useCall('throttles.extend')
  const call = act === 'release' ? release : extend
  const unavailable =
    reason.trim() === ''
      ? say('throttles.sheet.needsReason')
      : call.state === 'pending'
        ? say('throttles.sheet.sending')
        : null
  const name = visibleName(throttle.tenant.name)
  const run = (): void => {
    if (unavailable !== null) return
    const about = { id: throttle.id, version: throttle.version, reason: reason.trim() }
    if (act === 'release') void release.run(about)
    else void extend.run({ ...about, minutes })
  }
  const done = call.state === 'done' ? call.output : null
  const close = useRef(onClose)
  useEffect(() => {
    close.current = onClose
  })
  useEffect(() => {
    if (done?.outcome === 'stored') close.current()
  }, [done])
  useActions([
    {
      id: `throttle.${act}.send`,
      title: say(`throttles.action.${act}.send`),
      group: say('throttles.group'),
      keys: '$mod+Enter',
      keyboardOnly: true,
      inDialog: true,
      run,
    },
  ])
  useEscape({
    id: `throttle.${act}.close`,
    title: say('throttles.action.change.close'),
    group: say('throttles.group'),
    step: 'top',
    inDialog: true,
    run: onClose,
  })
  const element = useRef<HTMLFormElement>(null)
  useEffect(() => element.current?.querySelector('input')?.select(), [])
  return (
    <form ref={element} className="throttle-change" onSubmit={(event) => event.preventDefault()}>
      {act === 'extend' && (
        <Select<string>
          label={say('throttles.change.extend.by')}
          value={String(minutes)}
          options={DURATIONS.map((each) => ({
            value: String(each),
            title: say('throttles.minutes', { minutes: each }),
          }))}
          onChange={(value) => setMinutes(Number(value))}
        />
      )}
      <TextField label={say('throttles.reason')} value={reason} required onChange={setReason} />
      {call.state === 'failed' && (
        <p className="field-error" role="alert">
          {call.failure.message} {call.failure.nextStep}
        </p>
      )}
      {done?.outcome === 'unknown' && <p role="status">{textOf(done.text)}</p>}
      <div className="throttle-buttons">
        <Button onClick={onClose}>{say('throttles.sheet.cancel')}</Button>
        <Button kind="primary" unavailable={unavailable} onClick={run}>
          {act === 'release'
            ? say('throttles.change.release.act', { name })
            : say('throttles.change.extend.act', { name, minutes })}
        </Button>
      </div>
    </form>
  )
}
