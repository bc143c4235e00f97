import { type ReactNode, useCallback, useEffect, useRef } from 'react'

/**
 * Which element explains itself how. One host listens for the whole page, so that a table of thousands of figures costs
 * no listeners of its own.
 */
const contents = new WeakMap<Element, () => ReactNode>()
export const EXPLAINED = 'data-explained'

export function explanationOf(element: Element): ReactNode {
  return contents.get(element)?.() ?? null
}

/** A ref that gives its element a tooltip; `content` is asked when it is shown, null shows none. */
export function useExplanation(content: (() => ReactNode) | null): (element: Element | null) => void {
  const latest = useRef(content)
  useEffect(() => {
    latest.current = content
  })
  return useCallback((element: Element | null) => {
    if (element === null) return
    element.setAttribute(EXPLAINED, '')
    contents.set(element, () => latest.current?.() ?? null)
  }, [])
}
