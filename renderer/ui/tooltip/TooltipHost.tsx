import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { EXPLAINED, explanationOf } from './registry.ts'
import './tooltip.css'

const HOVER_DELAY_MS = 350
const MARGIN = 8

interface Shown {
  readonly element: Element
  readonly content: ReactNode
}

/** Shows the explanation of what the pointer rests on or the keyboard stands on. Mounted once, at the root. */
export function TooltipHost() {
  const [shown, setShown] = useState<Shown | null>(null)
  const box = useRef<HTMLDivElement>(null)

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const show = (target: EventTarget | null, delay: number): void => {
      clearTimeout(timer)
      const element = target instanceof Element ? target.closest(`[${EXPLAINED}]`) : null
      if (element === null) return setShown(null)
      timer = setTimeout(() => {
        const content = explanationOf(element)
        setShown(content === null || !element.isConnected ? null : { element, content })
      }, delay)
    }
    const over = (event: PointerEvent): void => show(event.target, HOVER_DELAY_MS)
    const focus = (event: FocusEvent): void => {
      // A click focuses too; only the keyboard asks for the explanation by it.
      if (event.target instanceof Element && event.target.matches(':focus-visible')) show(event.target, 0)
    }
    const hide = (): void => {
      clearTimeout(timer)
      setShown(null)
    }
    const key = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') hide()
    }
    document.addEventListener('pointerover', over)
    document.addEventListener('focusin', focus)
    document.addEventListener('focusout', hide)
    document.addEventListener('pointerdown', hide)
    document.addEventListener('keydown', key)
    addEventListener('scroll', hide, { capture: true, passive: true })
    return () => {
      clearTimeout(timer)
      document.removeEventListener('pointerover', over)
      document.removeEventListener('focusin', focus)
      document.removeEventListener('focusout', hide)
      document.removeEventListener('pointerdown', hide)
      document.removeEventListener('keydown', key)
      removeEventListener('scroll', hide, { capture: true })
    }
  }, [])

  useLayoutEffect(() => {
    const element = box.current
    if (element === null || shown === null) return undefined
    // The top layer, so that an explanation is seen above an open dialog too.
    if (typeof element.showPopover === 'function' && !element.matches(':popover-open')) element.showPopover()
    place(element, shown.element.getBoundingClientRect())
    const before = shown.element.getAttribute('aria-describedby')
    shown.element.setAttribute('aria-describedby', 'tooltip')
    return () => {
      if (before === null) shown.element.removeAttribute('aria-describedby')
      else shown.element.setAttribute('aria-describedby', before)
    }
  }, [shown])

  if (shown === null) return null
  return (
    <div ref={box} id="tooltip" role="tooltip" className="tooltip" popover="manual">
      {shown.content}
    </div>
  )
}

/** Below its element, or above where there is no room; never beyond the edges. */
function place(box: HTMLElement, target: DOMRect): void {
  const { width, height } = box.getBoundingClientRect()
  const below = target.bottom + MARGIN
  const top = below + height > innerHeight - MARGIN ? target.top - height - MARGIN : below
  const left = Math.min(target.left, innerWidth - width - MARGIN)
  box.style.top = `${Math.max(MARGIN, top)}px`
  box.style.left = `${Math.max(MARGIN, left)}px`
}
