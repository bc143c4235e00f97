import { Doubts } from './doubts.ts'
import type { TypeShare } from './join.ts'
import { SERVED_MEASURED, typesOr } from './parts.ts'
import { MOST_TRACKS, nameOf, type Roster } from './roster.ts'
import type { Track } from './track.ts'
import type { ServedBetween, ServedMeasure } from './types.ts'

const MOST_NAMES = 20

/** Whole tokens of all servers by model and GPU type, and what is in doubt of them: see {@link ServedBetween}. */
export function sumsBetween(roster: Roster, fromMs: number, toMs: number): ServedBetween {
  const sums = new Map<string, { model: string; gpuType: string; input: bigint; output: bigint }>()
  const gaps: string[] = []
  const unjoined: string[] = []
  const uncounted: string[] = []
  const prefill: string[] = []
  const lacking: Record<ServedMeasure, string[]> = { input: [], output: [], requests: [] }
  let tokens = 0
  let nowhere = 0
  const single = new Doubts(fromMs, toMs)
  let doubts = 0
  const doubt = (text: string) => {
    doubts++
    if (gaps.length < MOST_NAMES) gaps.push(text)
  }
  if (!(fromMs >= roster.firstRoundAt)) doubt('The inference servers have not been watched for that long.')
  else if (fromMs < roster.newestRoundAt - roster.windowMs)
    doubt('Only the newest part of that time is still kept.')
  if (toMs > roster.newestRoundAt) doubt('The inference servers have not answered for all of that time yet.')
  if (roster.refused > 0)
    doubt(`${roster.refused} inference servers more than the ${MOST_TRACKS} that are followed.`)
  const watched = doubts === 0
  for (const track of roster.tracks.values()) {
    const name = nameOf(track.server)
    if (!track.countsTokens) {
      uncounted.push(name)
      continue
    }
    if (roster.roles.of(track) === 'prefill') {
      prefill.push(name)
      continue
    }
    for (const what of SERVED_MEASURED) if (!track.counts(what)) lacking[what].push(name)
    const why = track.doubt(fromMs, toMs, roster.firstRoundAt)
    if (why !== null) {
      doubt(`${name}: ${why}`)
      single.add(track, `${name}: ${why}`)
    }
    const input = whole(track, 'input', fromMs, toMs)
    const output = whole(track, 'output', fromMs, toMs)
    single.served(track, input + output)
    if (input === 0 && output === 0) continue
    tokens += input + output
    const elsewhere = Math.floor(roster.roles.readElsewhere(track, fromMs, toMs))
    const placed = [
      { types: track.types, input: input - elsewhere, output },
      { types: roster.roles.prefillTypes(track), input: elsewhere, output: 0 },
    ]
    for (const { types, ...part } of placed) {
      if (part.input === 0 && part.output === 0) continue
      if (types.length === 0) {
        nowhere += part.input + part.output
        if (!unjoined.includes(name)) unjoined.push(name)
      }
      const inputs = split(part.input, types)
      const outputs = split(part.output, types)
      for (const [index, { gpuType }] of typesOr(types).entries()) {
        const key = `${track.server.model}\u0000${gpuType}`
        const sum = sums.get(key) ?? { model: track.server.model, gpuType, input: 0n, output: 0n }
        sum.input += BigInt(inputs[index] ?? 0)
        sum.output += BigInt(outputs[index] ?? 0)
        sums.set(key, sum)
      }
    }
  }
  return {
    sums: [...sums.values()],
    complete: doubts === 0,
    watched,
    doubts: single.rows(),
    gaps,
    unjoined: {
      share: tokens === 0 ? null : nowhere / tokens,
      servers: unjoined.slice(0, MOST_NAMES),
      total: unjoined.length,
    },
    uncounted: uncounted.slice(0, MOST_NAMES),
    lacking: {
      input: lacking.input.slice(0, MOST_NAMES),
      output: lacking.output.slice(0, MOST_NAMES),
      requests: lacking.requests.slice(0, MOST_NAMES),
    },
    prefill: prefill.slice(0, MOST_NAMES),
  }
}

/** Cut to whole tokens at both ends alike, so that windows that touch neither lose a token nor count one twice. */
function whole(track: Track, what: 'input' | 'output', fromMs: number, toMs: number): number {
  return Math.floor(track.upTo(toMs, what)) - Math.floor(track.upTo(fromMs, what))
}

/** Whole tokens by weight; the last type takes what rounding leaves. */
function split(tokens: number, types: readonly TypeShare[]): number[] {
  if (types.length <= 1) return [tokens]
  const parts = types.map(({ weight }) => Math.floor(tokens * weight))
  const last = parts.length - 1
  parts[last] = (parts[last] as number) + tokens - parts.reduce((sum, part) => sum + part, 0)
  return parts
}
