import { useEffect } from 'react'
import { isTextField, isTyping } from './typing.ts'

/**
 * Keys that come before the view stands that they are meant for: while the engine has not said anything yet, and on the
 * way from one view to another. What nothing has understood is kept, and pressed again as soon as the view stands.
 */

/** Whoever pressed a key longer ago than this has given it up, ms. */
const KEPT_MS = 15_000
const MOST_KEPT = 64
const MODIFIERS = new Set(['Shift', 'Control', 'Alt', 'Meta'])

interface Kept {
  readonly at: number
  readonly init: KeyboardEventInit
}

/** Views that stand: one, or none on the way to the next. */
let standing = 0
let kept: readonly Kept[] = []
const pressedAgain = new WeakSet<Event>()
let beforePressing: () => void = () => undefined

/** Listens from the first moment of the page on. @returns stops it */
export function keepEarlyKeys(page: Window, now: () => number = () => performance.now()): () => void {
  const heard = (event: KeyboardEvent): void => {
    if (standing > 0 || pressedAgain.has(event) || event.repeat || isTyping(event)) return
    if (event.ctrlKey || event.altKey || event.metaKey || MODIFIERS.has(event.key)) return
    if (page.document.querySelector('dialog[open]') !== null) return
    const { key, code, shiftKey } = event
    const press: Kept = { at: now(), init: { key, code, shiftKey, bubbles: true, cancelable: true } }
    // Only after all other listeners is it known whether anything has understood it.
    setTimeout(() => {
      kept = event.defaultPrevented ? [] : [...kept, press].slice(-MOST_KEPT)
      if (standing > 0) pressKept(page.document, now())
    })
  }
  page.addEventListener('keydown', heard)
  const release = (): void => pressKept(page.document, now())
  releases.add(release)
  return () => {
    page.removeEventListener('keydown', heard)
    releases.delete(release)
    kept = []
  }
}

const releases = new Set<() => void>()

/** Forgets half a sequence before keys are pressed again. @param reset called each time */
export function onPressingAgain(reset: () => void): void {
  beforePressing = reset
}

/** Says of a view that keys can work in it. @param ready false while it waits for what it shows */
export function useStanding(ready = true): void {
  useEffect(() => {
    if (!ready) return undefined
    standing += 1
    // After the effects that offer the view's actions.
    const timer = setTimeout(() => {
      for (const release of releases) release()
    })
    return () => {
      clearTimeout(timer)
      standing -= 1
    }
  }, [ready])
}

function pressKept(document: Document, now: number): void {
  const presses = kept.filter(({ at }) => now - at <= KEPT_MS)
  kept = []
  if (presses.length > 0) beforePressing()
  for (const { init } of presses) {
    const target = document.activeElement ?? document.body
    const event = new KeyboardEvent('keydown', init)
    pressedAgain.add(event)
    const unanswered = target.dispatchEvent(event)
    // A key of a script types nothing by itself.
    if (unanswered && isTextField(target) && init.key?.length === 1) type(target, init.key)
  }
}

/** As if typed at the end, so that a controlled field hears of it. */
function type(field: HTMLInputElement | HTMLTextAreaElement, text: string): void {
  const value = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value')
  value?.set?.call(field, field.value + text)
  field.dispatchEvent(new Event('input', { bubbles: true }))
}
