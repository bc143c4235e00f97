/** Takes all steps of a piece of work at once. Whoever has others to look after takes them in turns (platform/turn.ts). */
export function atOnce<T>(steps: Iterator<void, T>): T {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}
