import { type ReactNode, useEffect, useId, useRef } from 'react'
import { say } from '../../../shared/messages/format.ts'
import { IconButton } from '../form/Button.tsx'
import { useEscape } from '../keys/useEscape.ts'
import './drawer.css'

interface DrawerProps {
  readonly title: string
  /** What kind of thing it is, or where it stands: "GPU · rack r-04 · floor 1". */
  readonly subtitle?: ReactNode
  readonly onClose: () => void
  readonly children: ReactNode
}

/** What is selected, beside the picture. Opening it leaves the focus where it was, so that j and k go on working. */
export function Drawer({ title, subtitle, onClose, children }: DrawerProps) {
  const heading = useId()
  const panel = useRef<HTMLElement>(null)
  useEscape({
    id: 'drawer.close',
    title: say('drawer.action.close'),
    group: say('keys.group.console'),
    step: 'top',
    run: onClose,
  })

  useEffect(() => {
    const before = document.activeElement
    const element = panel.current
    return () => {
      // Closed from within: the focus goes back to what opened it instead of getting lost.
      const inside =
        element?.contains(document.activeElement) === true || document.activeElement === document.body
      if (inside && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
    }
  }, [])

  return (
    <aside ref={panel} className="drawer" aria-labelledby={heading}>
      <header className="drawer-head">
        <div className="drawer-titles">
          <h2 id={heading} className="drawer-title" title={title}>
            {title}
          </h2>
          {subtitle !== undefined && (
            <div className="drawer-subtitle" {...(typeof subtitle === 'string' ? { title: subtitle } : {})}>
              {subtitle}
            </div>
          )}
        </div>
        <IconButton glyph="close" label={say('drawer.close')} onClick={onClose} />
      </header>
      {/* Scrolled by keyboard, therefore a stop of the Tab key. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <section className="drawer-body" tabIndex={0} aria-labelledby={heading}>
        {/* Grows downwards: columns of a box that is as high as its scroller would overflow it sideways. */}
        <div className="drawer-columns">{children}</div>
      </section>
    </aside>
  )
}

/** A titled part of a drawer. */
export function DrawerSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="drawer-section">
      <h3 className="drawer-section-title">{title}</h3>
      {children}
    </section>
  )
}

/** Names and values in two columns. @param figures the values are short and right-aligned, the names get the room */
export function Properties({ figures = false, children }: { figures?: boolean; children: ReactNode }) {
  return <dl className={figures ? 'properties properties-figures' : 'properties'}>{children}</dl>
}

export function Property({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="property">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** A view and its drawer side by side; on narrow screens the drawer is a sheet below. Neither covers the other. */
export function WithDrawer({ drawer, children }: { drawer: ReactNode; children: ReactNode }) {
  return (
    <div className="with-drawer">
      <div className="with-drawer-main">{children}</div>
      {drawer}
    </div>
  )
}
