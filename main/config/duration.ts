const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const SHAPE = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/

/** `500ms`, `5s`, `1.5m`, `2h`, `1d` in ms, rounded to whole ms; null for any other text and beyond ten years. */
export function parseDuration(text: string): number | null {
  const match = SHAPE.exec(text)
  if (match === null) return null
  const unit = match[2] as keyof typeof UNIT_MS
  const ms = Math.round(Number(match[1]) * UNIT_MS[unit])
  return ms <= 3650 * UNIT_MS.d ? ms : null
}

/** The shortest exact way to write a number of ms that {@link parseDuration} reads back. */
export function formatDuration(ms: number): string {
  const whole = Math.round(ms)
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    if (whole !== 0 && whole % UNIT_MS[unit] === 0) return `${whole / UNIT_MS[unit]}${unit}`
  }
  return `${whole}ms`
}
