import { z } from 'zod'
import { ROLES } from './define.ts'
import { messageSchema } from '../messages/schema.ts'

/**
 * The envelope around the contract, the same on every transport: a MessagePort and a WebSocket both carry JSON texts,
 * and ArrayBuffers for frames. A binary item is `u32 subscription id, u32 zero`, then the frame's bytes.
 */
export const WIRE_VERSION = 1

/** Where the HTTP host takes WebSockets; a page connects to it on its own origin. */
export const WIRE_PATH = '/wire'

/** Longest text that either end accepts, in UTF-16 units; topology of 100k GPUs is about 12 MB. */
export const MAX_TEXT = 64 * 1024 * 1024

/** The subprotocol of a page's WebSocket, which the host agrees to. */
export const WIRE_PROTOCOL = 'floorwatch'

/**
 * Beside it a page offers, behind this prefix, the proof that it is the page which was admitted: the one thing that a
 * script can send with the handshake itself, so that a line is believed or refused before it takes anybody's place. A
 * cookie alone proves nothing, because browsers send it to every port of a machine.
 */
export const PROOF_PROTOCOL = 'proof.'

/** With a desktop window's connection: a random text by which it is known again after a break, so that its sign-in lasts. */
export const WINDOW_HEADER = 'x-floorwatch-window'

/** In the fragment of the first address of an admitted page, which no server ever sees: `#proof=…`. */
export const PROOF_FRAGMENT = '#proof='

/** Codes with which the HTTP host closes a WebSocket, of the range that RFC 6455 leaves to applications. */
export const CLOSE_CODES = {
  /** Not admitted, or no longer: trying again does not help until a person did something. */
  refused: 4401,
  /** The proof of the page does not belong to its cookie: this proof never helps again. */
  unproved: 4402,
  /** The wall's address was revoked. */
  revoked: 4403,
  /** No line is free for screens of this role; a page tries again. */
  full: 4429,
} as const

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
  text: messageSchema,
  nextStep: messageSchema,
})
export type Failure = z.infer<typeof failureSchema>

export const responseSchema = z.discriminatedUnion('t', [
  /** First message of a session. */
  z.object({ t: z.literal('hello'), wire: z.int(), role: z.enum(ROLES), version: z.string() }),
  z.object({ t: z.literal('result'), id, output: z.unknown() }),
  /** Answer to a call that failed, or the end of a subscription that could not go on. */
  z.object({ t: z.literal('failure'), id, failure: failureSchema }),
  z.object({ t: z.literal('item'), id, item: z.unknown() }),
])
export type WireResponse = z.infer<typeof responseSchema>

export const BINARY_HEADER_BYTES = 8

/** How a line ended: `lost` may mend by itself, `refused` needs a person. */
export type LineEnd = 'lost' | 'refused'

/** One end of a transport, as both the engine's sessions and the renderer's client see it. */
export interface Wire {
  send(message: string | ArrayBuffer): void
  onMessage(listener: (message: string | ArrayBuffer) => void): void
  /** An end that is not named is `lost`. */
  onClose(listener: (reason: string, end?: LineEnd) => void): void
  close(): void
}
