import { useEffect } from 'react'
import type { CommandInput } from '../../../shared/contract/contract.ts'
import type { ThrottlePreview } from '../../../shared/contract/throttles.ts'
import { say, textOf } from '../../../shared/messages/format.ts'
import { useNow } from '../../state/now.ts'
import { useCall, useStream } from '../../transport/context.tsx'
import type { CallFailure } from '../../transport/failure.ts'

export type PreviewQuestion = CommandInput<'throttles.preview'>

export interface PreviewState {
  readonly preview: ThrottlePreview | null
  readonly isAsking: boolean
  readonly failure: CallFailure | null
  /** Why it may not be acted on now; null where it may. */
  readonly unusable: string | null
  again(): void
}

/** Typing is not over with every letter. */
const SETTLES_MS = 350

/** The preview of what is asked for, renewed as it changes; it says when it no longer holds, and by what. */
export function usePreview(question: PreviewQuestion | null): PreviewState {
  const call = useCall('throttles.preview')
  const { run, reset } = call
  const now = useNow()
  const key = question === null ? null : JSON.stringify(question)
  useEffect(() => {
    reset()
    if (key === null) return undefined
    const timer = setTimeout(() => void run(JSON.parse(key) as PreviewQuestion), SETTLES_MS)
    return () => clearTimeout(timer)
  }, [key, run, reset])
  const preview = call.state === 'done' ? call.output : null
  const fresh = useStream('throttles.freshness', preview === null ? null : { previewId: preview.previewId })
  const reasons = fresh.item?.void ?? []

  function unusable(): string | null {
    if (question === null) return say('throttles.sheet.incomplete')
    if (preview === null) return say('throttles.sheet.noPreview')
    if (reasons.length > 0) return say('throttles.sheet.void', { reasons })
    if (now > preview.validUntil) {
      const age = { seconds: Math.floor((now - preview.at) / 1000) }
      return say('throttles.sheet.void', { reasons: [textOf({ id: 'throttles.void.age', values: age })] })
    }
    return null
  }

  return {
    preview,
    isAsking: call.state === 'pending' || (key !== null && call.state === 'idle'),
    failure: call.state === 'failed' ? call.failure : null,
    unusable: unusable(),
    again() {
      if (key !== null) void run(JSON.parse(key) as PreviewQuestion)
    },
  }
}
