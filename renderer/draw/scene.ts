import type { Field } from '../../shared/model/field.ts'
import type { FleetFrame } from '../../shared/model/frame.ts'
import { SEVERITY } from '../../shared/model/figure.ts'
import type { Topology } from '../../shared/model/topology.ts'
import type { ColourTable } from './colour.ts'
import type { FloorCounts } from './counts.ts'
import type { FloorLayout } from './layout/layout.ts'
import type { Level, Size, View } from './viewport.ts'

/** Recent figures for the small charts of the host level. */
export interface HistorySource {
  /** The rows now in sight, at most a few hundred; empty when none are wanted any more. */
  want(rows: readonly number[]): void
  /** Oldest first, in the exporter's unit, null for gaps; null while unknown. */
  of(row: number): readonly (number | null)[] | null
}

export interface Fonts {
  readonly text: string
  readonly figure: string
}

/** Everything that the painters look at; they change none of it. */
export interface Scene {
  readonly topology: Topology
  readonly frame: FleetFrame | null
  readonly field: Field
  /** The field's column of the frame. */
  readonly values: Float32Array | null
  readonly states: Uint8Array | null
  /** The frame was cut before this field was asked for: nothing may be said of its figures yet. */
  readonly awaited: boolean
  /** Nothing of the frame is current any more: `states` says stale wherever something was known. */
  readonly lastKnown: boolean
  readonly span: readonly [number, number]
  readonly mask: Uint8Array | null
  /** Rows to be ringed wherever they are, 1 each. */
  readonly highlights: Uint8Array | null
  readonly layout: FloorLayout
  readonly view: View
  readonly size: Size
  readonly level: Level
  /** Size of a cell on the screen, CSS px. */
  readonly cell: Size
  /** Root font size / 16: texts and marks grow with it. */
  readonly em: number
  readonly pixelRatio: number
  readonly table: ColourTable
  readonly fonts: Fonts
  readonly counts: FloorCounts
  readonly history: HistorySource | null
  /** Frame rows of the MIG instances of a board. */
  readonly instancesOf: (row: number) => readonly number[]
}

export interface Pointing {
  /** A row, `holeOf` an empty slot, or -1 for nothing; so is `focus`. */
  readonly hover: number
  readonly focus: number
  /** The focus ring is drawn only while the keyboard leads. */
  readonly focusVisible: boolean
  readonly selected: readonly number[]
  /** Rubber band on the screen. */
  readonly band: {
    readonly x: number
    readonly y: number
    readonly width: number
    readonly height: number
  } | null
}

export function isCritical({ frame }: Pick<Scene, 'frame'>, row: number): boolean {
  return (frame?.severity[row] ?? SEVERITY.normal) >= SEVERITY.critical
}

/** Whether a filter leaves a row out, which dims it. What is critical is never dimmed. */
export function isLeftOut(scene: Pick<Scene, 'frame' | 'mask'>, row: number): boolean {
  return scene.mask !== null && scene.mask[row] === 0 && !isCritical(scene, row)
}
