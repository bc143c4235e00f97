import { visibleText } from '../../../shared/model/foreignText.ts'

/** Attributes that people read or hear. The browser shows line breaks of `title` as such. */
const READ = ['title', 'aria-label', 'aria-description', 'aria-valuetext', 'alt', 'placeholder'] as const

type Props = Readonly<Record<string, unknown>>

/**
 * What an element shows, made visible: each text child and each attribute that is read. Components are left alone, what
 * they render comes here as well. The same object where nothing had to change, which is nearly always.
 */
export function seen(type: unknown, props: Props): Props {
  if (typeof type !== 'string') return props
  let changed: Record<string, unknown> | null = null
  for (const name of READ) {
    const text = props[name]
    if (typeof text !== 'string') continue
    const shown = visibleText(text, true)
    if (shown !== text) changed = { ...(changed ?? props), [name]: shown }
  }
  const { children } = props
  const shown = Array.isArray(children) ? seenAll(children) : seenOne(children)
  return shown === children ? (changed ?? props) : { ...(changed ?? props), children: shown }
}

function seenAll(children: readonly unknown[]): readonly unknown[] {
  const shown = children.map(seenOne)
  return shown.every((child, index) => child === children[index]) ? children : shown
}

function seenOne(child: unknown): unknown {
  return typeof child === 'string' ? visibleText(child) : child
}
