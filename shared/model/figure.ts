/**
 * The five states of every measured figure (docs: principle 1, "unknown is never green").
 * `absent` is 0 on purpose: memory that has not been written yet must read as "not there", never as good.
 */
export const FIGURE_STATES = ['absent', 'ok', 'zero', 'stale', 'implausible'] as const
export type FigureState = (typeof FIGURE_STATES)[number]

/** Wire codes of {@link FigureState}, the index into {@link FIGURE_STATES}; used in typed-array columns. */
export const FIGURE = { absent: 0, ok: 1, zero: 2, stale: 3, implausible: 4 } as const
export type FigureCode = (typeof FIGURE)[FigureState]

/** The state behind a code from a frame; a code from a newer engine reads as `implausible`, never as good. */
export function figureState(code: number): FigureState {
  return FIGURE_STATES[code] ?? 'implausible'
}

/** How far a GPU, host or source deviates. Order matters: a larger code is worse. */
export const SEVERITIES = ['normal', 'advisory', 'critical'] as const
export type Severity = (typeof SEVERITIES)[number]
export const SEVERITY = { normal: 0, advisory: 1, critical: 2 } as const

/** The roll-call against the inventory, per GPU. `unlisted`: seen, and no inventory was given to compare with. */
export const PRESENCES = ['missing', 'present', 'unexpected', 'unlisted'] as const
export type Presence = (typeof PRESENCES)[number]
export const PRESENCE = { missing: 0, present: 1, unexpected: 2, unlisted: 3 } as const
