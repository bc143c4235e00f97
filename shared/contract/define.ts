import type { z } from 'zod'

/** A question with one answer. `access: 'act'` is refused to a read-only session (a wall), on the engine's side. */
export interface Command<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly access: 'read' | 'act'
  readonly input: I
  readonly output: O
}

/**
 * A value that changes. Every stream is *latest wins*: the engine keeps at most one unacknowledged item per
 * subscription in flight and replaces what waits behind it, so a slow screen costs the engine nothing.
 */
export interface Stream<P extends z.ZodType = z.ZodType, T extends z.ZodType = z.ZodType> {
  readonly encoding: 'json'
  readonly params: P
  readonly item: T
}

/** A stream whose items are fleet frames in the binary codec (shared/codec). */
export interface FrameStream<P extends z.ZodType = z.ZodType> {
  readonly encoding: 'frame'
  readonly params: P
}

export function command<I extends z.ZodType, O extends z.ZodType>(definition: Command<I, O>): Command<I, O> {
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
