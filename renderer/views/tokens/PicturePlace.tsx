import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react'
import { formatDuration } from '../../../shared/model/time.ts'
import { say } from '../../../shared/messages/format.ts'
import { useNow } from '../../state/now.ts'
import { EmptyState } from '../../ui/dialog/EmptyState.tsx'

/** Pixels per point: a line is not read more finely. */
const PX_PER_POINT = 2
const WIDTH_STEP = 120

/** As many points as the element is wide, in coarse steps, so that a dragged window does not ask at every pixel. */
export function usePoints(): {
  readonly ref: (element: HTMLElement | null) => void
  readonly points: number
} {
  const [width, setWidth] = useState(960)
  const observer = useRef<ResizeObserver | null>(null)
  useEffect(() => () => observer.current?.disconnect(), [])
  const ref = useCallback((element: HTMLElement | null): void => {
    observer.current?.disconnect()
    if (element === null) return
    observer.current = new ResizeObserver(() => {
      if (element.clientWidth > 0) setWidth(Math.ceil(element.clientWidth / WIDTH_STEP) * WIDTH_STEP)
    })
    observer.current.observe(element)
  }, [])
  return { ref, points: Math.min(2000, Math.max(60, Math.round(width / PX_PER_POINT))) }
}

interface PicturePlaceProps {
  readonly asked: {
    readonly answer: unknown
    readonly askingSince: number | null
    readonly failure: { readonly text: string; readonly nextStep: string } | null
  }
  /** "Asking for tokens per second by model, the last hour". */
  readonly asking: string
  readonly children: ReactNode
}

/** Where an answer is drawn: it waits in words, fails in words, and dims what is not the present question's answer. */
export function PicturePlace({ asked, asking, children }: PicturePlaceProps) {
  const { answer, askingSince, failure } = asked
  if (answer !== null) {
    return (
      <div
        className="picture-place"
        aria-busy={askingSince !== null}
        data-old={askingSince === null ? undefined : ''}
      >
        {children}
        {askingSince !== null && <Asking since={askingSince} asking={asking} />}
      </div>
    )
  }
  if (failure !== null) return <EmptyState reason={failure.text} nextStep={failure.nextStep} />
  return (
    <div className="picture-place">
      <Asking since={askingSince ?? 0} asking={asking} />
    </div>
  )
}

/** Most answers are there before anybody could read this. */
const SAID_AFTER_MS = 800

function Asking({ since, asking }: { since: number; asking: string }) {
  const now = useNow()
  const waited = now - since
  if (waited < SAID_AFTER_MS) return null
  return (
    <p className="picture-asking" role="status">
      {say('tokens.picture.waiting', { asking, waited: formatDuration(waited) })}
    </p>
  )
}
