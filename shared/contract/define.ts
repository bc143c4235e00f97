import type { z } from 'zod'
import type { Message } from '../messages/message.ts'

/** Who may speak on a line: an operator's console, or a wall, which hangs where visitors pass. */
export const ROLES = ['console', 'wall'] as const
export type Role = (typeof ROLES)[number]

/** What a wall may have of a channel when it may have some of it. */
export interface Narrowing<Question, Item> {
  /** Why a wall may not ask this; null where it may. Every question may be asked where this is missing. */
  refuses?(question: Question): Message | null
  /** The item without what a wall does not show. Pure; the console's own item stays as it is. */
  narrow(item: Item): Item
}

/**
 * What a wall may have of a channel, said of each channel by itself: `whole` as a console has it, `refused`, or
 * narrowed. Nothing that is not classified compiles, and a test lists every text and figure that walls can read.
 */
export type ForWalls<Question, Item> = 'whole' | 'refused' | Narrowing<Question, Item>

export type Access = 'read' | 'act'

/**
 * A question with one answer. `access: 'act'` is refused to a read-only session (a wall) on the engine's side, and takes
 * a person whose role includes what `shared/model/rights.ts` says.
 */
export interface Command<
  I extends z.ZodType = z.ZodType,
  O extends z.ZodType = z.ZodType,
  A extends Access = Access,
> {
  readonly access: A
  readonly walls: ForWalls<z.output<I>, z.output<O>>
  readonly input: I
  readonly output: O
}

/**
 * A value that changes. Every stream is *latest wins*: the engine keeps at most one unacknowledged item per
 * subscription in flight and replaces what waits behind it, so a slow screen costs the engine nothing.
 */
export interface Stream<P extends z.ZodType = z.ZodType, T extends z.ZodType = z.ZodType> {
  readonly encoding: 'json'
  readonly walls: ForWalls<z.output<P>, z.output<T>>
  readonly params: P
  readonly item: T
}

/** A stream whose items are fleet frames in the binary codec (shared/codec): figures alone. */
export interface FrameStream<P extends z.ZodType = z.ZodType> {
  readonly encoding: 'frame'
  readonly walls: 'whole' | 'refused'
  readonly params: P
}

export function command<I extends z.ZodType, O extends z.ZodType, const A extends Access>(
  definition: Command<I, O, A> & ({ access: 'read' } | { access: 'act'; walls: 'refused' }),
): Command<I, O, A> {
  return definition
}

export function stream<P extends z.ZodType, T extends z.ZodType>(
  definition: Omit<Stream<P, T>, 'encoding'>,
): Stream<P, T> {
  return { encoding: 'json', ...definition }
}

export function frameStream<P extends z.ZodType>(
  definition: Omit<FrameStream<P>, 'encoding'>,
): FrameStream<P> {
  return { encoding: 'frame', ...definition }
}
