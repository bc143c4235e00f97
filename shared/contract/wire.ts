import { z } from 'zod'

/**
 * The envelope around the contract, the same on every transport: a MessagePort and a WebSocket both carry JSON texts,
 * and ArrayBuffers for frames. A binary item is `u32 subscription id, u32 zero`, then the frame's bytes.
 */
export const WIRE_VERSION = 1

/** Where the HTTP host takes WebSockets; a page connects to it on its own origin. */
export const WIRE_PATH = '/wire'

/** Longest text that either end accepts, in UTF-16 units; topology of 100k GPUs is about 12 MB. */
export const MAX_TEXT = 64 * 1024 * 1024

const id = z.int().min(0).max(0xffff_ffff)

export const requestSchema = z.discriminatedUnion('t', [
  z.strictObject({ t: z.literal('call'), id, name: z.string().max(64), input: z.unknown() }),
  z.strictObject({ t: z.literal('open'), id, name: z.string().max(64), params: z.unknown() }),
  /** The screen has drawn the last item and is ready for the next. */
  z.strictObject({ t: z.literal('ack'), id }),
  z.strictObject({ t: z.literal('close'), id }),
])
export type WireRequest = z.infer<typeof requestSchema>

export const failureSchema = z.object({
  /** `invalid` input refused · `unknown` no such channel · `forbidden` read-only session · `failed` it was tried · `busy` */
  code: z.enum(['invalid', 'unknown', 'forbidden', 'failed', 'busy']),
  text: z.string(),
  nextStep: z.string(),
})
export type Failure = z.infer<typeof failureSchema>

export const responseSchema = z.discriminatedUnion('t', [
  /** First message of a session. */
  z.object({ t: z.literal('hello'), wire: z.int(), role: z.enum(['console', 'wall']), version: z.string() }),
  z.object({ t: z.literal('result'), id, output: z.unknown() }),
  /** Answer to a call that failed, or the end of a subscription that could not go on. */
  z.object({ t: z.literal('failure'), id, failure: failureSchema }),
  z.object({ t: z.literal('item'), id, item: z.unknown() }),
])
export type WireResponse = z.infer<typeof responseSchema>

export const BINARY_HEADER_BYTES = 8

/** One end of a transport, as both the engine's sessions and the renderer's client see it. */
export interface Wire {
  send(message: string | ArrayBuffer): void
  onMessage(listener: (message: string | ArrayBuffer) => void): void
  onClose(listener: (reason: string) => void): void
  close(): void
}
