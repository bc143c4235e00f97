import { type ReactNode, useEffect, useId, useRef } from 'react'
import { say } from '../../../shared/messages/format.ts'
import { IconButton } from '../form/Button.tsx'
import './dialog.css'

interface DialogProps {
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
  /** Buttons at the foot, the confirming one last. */
  readonly actions?: ReactNode
  readonly wide?: boolean
}

/** To confirm an action, or for the key map. Esc and a click beside it close it and do nothing else. */
export function Dialog({ title, onClose, children, actions, wide = false }: DialogProps) {
  const heading = useId()
  const element = useModal(onClose)
  return (
    <dialog ref={element} className={wide ? 'dialog dialog-wide' : 'dialog'} aria-labelledby={heading}>
      <header className="dialog-head">
        <h2 id={heading}>{title}</h2>
        <IconButton glyph="close" label={say('drawer.close')} onClick={onClose} />
      </header>
      <div className="dialog-body" tabIndex={-1} data-first-focus="">
        {children}
      </div>
      {actions !== undefined && <footer className="dialog-foot">{actions}</footer>}
    </dialog>
  )
}

/** Opens its element as a modal while mounted, and gives the focus back afterwards. */
export function useModal(onClose: () => void) {
  const element = useRef<HTMLDialogElement>(null)
  const close = useRef(onClose)
  useEffect(() => {
    close.current = onClose
  })
  useEffect(() => {
    const dialog = element.current
    if (dialog === null) return undefined
    const before = document.activeElement
    dialog.showModal()
    // The browser would focus the close button, or nothing that can be typed into.
    const wanted = dialog.querySelector<HTMLElement>('.dialog-body [data-first-focus]')
    ;(wanted ?? dialog.querySelector<HTMLElement>('[data-first-focus]'))?.focus()
    const cancel = (event: Event): void => {
      event.preventDefault()
      close.current()
    }
    const beside = (event: PointerEvent): void => {
      if (event.target === dialog) close.current()
    }
    dialog.addEventListener('cancel', cancel)
    dialog.addEventListener('pointerdown', beside)
    return () => {
      dialog.removeEventListener('cancel', cancel)
      dialog.removeEventListener('pointerdown', beside)
      if (dialog.open) dialog.close()
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
    }
  }, [])
  return element
}
