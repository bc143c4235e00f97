/**
 * What Esc does, in this order on every screen, one thing for each press: what is being read (a figure, a point of a
 * chart), then what lies on top (a drawer), then a filter, then back to where one came from, then back to now, and at
 * last out of a text field. Dialogs lie above all of it and close by themselves.
 */
export const ESCAPE_STEPS = ['reading', 'top', 'filter', 'back', 'now', 'field'] as const
export type EscapeStep = (typeof ESCAPE_STEPS)[number]

/** The one that Esc does now; undefined where there is nothing left. @param escapes in the order of mounting */
export function nextEscape<E extends { readonly step?: EscapeStep; readonly when?: () => boolean }>(
  escapes: readonly E[],
): E | undefined {
  const able = escapes.filter(({ when }) => when?.() ?? true)
  for (const step of ESCAPE_STEPS) {
    const found = able.findLast((one) => one.step === step)
    if (found !== undefined) return found
  }
  return undefined
}
