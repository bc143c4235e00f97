import type { TokenOrigin } from '../../../../shared/contract/tokens.ts'
import { type Message, message } from '../../../../shared/messages/message.ts'
import { figureText } from '../../../../shared/model/units.ts'

export type Correction = TokenOrigin['corrections'][number]

const MOST = 20
/** Late answers within this time are one event to a person, ms. */
const TOGETHER_MS = 60_000

/** What late usage did to totals that were shown. Times on this machine's clock. */
export function correctionOf(late: { readonly tokens: bigint }, at: number, fromMs: number): Correction {
  return { at, fromMs, tokens: late.tokens.toString(), text: toldOf(late.tokens) }
}

/** Newest first. Corrections that come one upon another are told as one: late events arrive in drops. */
export function keepCorrection(kept: readonly Correction[], next: Correction): Correction[] {
  const [newest, ...older] = kept
  if (newest === undefined || next.at - newest.at > TOGETHER_MS) return [next, ...kept].slice(0, MOST)
  const tokens = BigInt(newest.tokens) + BigInt(next.tokens)
  const fromMs = Math.min(newest.fromMs, next.fromMs)
  return [{ at: next.at, fromMs, tokens: tokens.toString(), text: toldOf(tokens) }, ...older]
}

function toldOf(tokens: bigint): Message {
  if (tokens === 0n) return message('origin.correction.moved')
  const size = figureText(tokens < 0n ? -tokens : tokens, { unit: 'tok' })
  return message(tokens > 0n ? 'origin.correction.added' : 'origin.correction.removed', { tokens: size })
}
