import type { SyntheticOptions } from '../../fixtures/syntheticFleet.ts'

export type Movement = 'still' | 'pan' | 'zoom'

/** What the page offers to the program that drives it, as `window.heatmapPage`. Times in ms. */
export interface HeatmapPage {
  open(options: SyntheticOptions, theme: 'dark' | 'light'): Promise<void>
  film(kind: Movement, frames: number): Promise<{ js: number[]; gaps: number[] }>
  updates(count: number): Promise<number[]>
  /** @returns what is seen, in words */
  zoomTo(k: number, x: number, y: number): string
  mask(every: number): void
}
