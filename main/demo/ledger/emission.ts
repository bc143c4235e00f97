import { createRandom } from '../factory/random.ts'
import type { Client } from './clients.ts'
import { AT, WIDTH } from './measures.ts'
import { swaySeed } from './past.ts'
import { sway } from './rhythm.ts'
import { callTokens } from './shapes.ts'

/**
 * Turns the tokens that a deployment has served into calls of its clients. Calls arrive by renewal processes with Gamma
 * intervals, agents in bursts of many at once; tokens are whole numbers that belong to whole calls. What calls took
 * beyond what was served, or less than it, is carried to the next step, so that nothing is lost or made up.
 */
export interface Emission {
  /** Calls per client now, relative to the others of its deployment: share, sway over hours and bursts. */
  weigh(atMs: number): void
  /** Relative demand per stream, as last weighed. */
  readonly weights: Float64Array
  /**
   * @param tokens served by the deployment
   * @param admitted part of each stream's calls that the limits let through, 0–1
   * @param into receives a row of WIDTH per stream; rows of other deployments stay as they are
   */
  emit(deployment: number, tokens: number, admitted: Float64Array, into: Float64Array): void
  /** Tokens served and not yet part of a call; negative where calls were ahead. */
  carried(deployment: number): number
}

/** Above this many arrivals in one step their number is normal. */
const MANY = 12
/** Prompts and answers of one client differ by this much, standard deviation of the logarithm. */
const SIZE_SIGMA = 0.55

export function createEmission(clients: readonly Client[], deployments: number, seed: number): Emission {
  const random = createRandom(seed, 'calls')
  const burstRandom = createRandom(seed, 'fan-out')
  const swaying = swaySeed(seed)
  const byDeployment = Array.from({ length: deployments }, (_, d) =>
    clients.flatMap((client, stream) => (client.deployment === d ? [{ client, stream }] : [])),
  )
  const weights = Float64Array.from(clients, (client) => client.share)
  const carry = new Float64Array(deployments)
  /** Mean intervals until the next call of a stream. */
  const until = Float64Array.from(clients, () => random.next())
  const failing = Float64Array.from(clients, () => random.next())
  const burstFrom = new Float64Array(clients.length)
  const burstTo = new Float64Array(clients.length).fill(Number.NaN)

  function burstFactor({ shape }: Client, stream: number, atMs: number): number {
    const { fanOut } = shape
    if (fanOut === null) return 1
    if (Number.isNaN(burstTo[stream])) burstTo[stream] = atMs - 1
    if (atMs >= (burstTo[stream] ?? 0)) {
      const from = atMs + burstRandom.gamma(fanOut.every, 1.3) * 1000
      burstFrom[stream] = from
      burstTo[stream] = from + (5 + burstRandom.gamma(fanOut.lasts, 0.7)) * 1000
    }
    return atMs >= (burstFrom[stream] ?? 0) ? fanOut.factor : 1
  }

  function arrivals(stream: number, mean: number, variation: number): number {
    if (mean > MANY) return Math.max(0, Math.round(mean + variation * Math.sqrt(mean) * random.normal()))
    let left = (until[stream] ?? 0) - mean
    let calls = 0
    while (left <= 0) {
      left += random.gamma(1, variation)
      calls++
      if (calls > 20 * MANY) break
    }
    until[stream] = Math.max(0, left)
    return calls
  }

  const near = (sigma: number) => Math.exp(sigma * random.normal() - (sigma * sigma) / 2)

  /** @returns tokens of the calls */
  function addCalls({ shape }: Client, stream: number, calls: number, into: Float64Array): number {
    const sigma = SIZE_SIGMA / Math.sqrt(calls)
    const row = stream * WIDTH
    const input = Math.max(calls, Math.round(calls * shape.input * near(sigma)))
    const output = shape.output === 0 ? 0 : Math.max(calls, Math.round(calls * shape.output * near(sigma)))
    const part = (whole: number, ratio: number) =>
      Math.min(whole, Math.round(whole * Math.min(0.98, ratio * near(0.3 / Math.sqrt(calls)))))
    failing[stream] = (failing[stream] ?? 0) + calls * shape.errors
    const failed = Math.min(calls, Math.floor(failing[stream] ?? 0))
    failing[stream] = (failing[stream] ?? 0) - failed
    const add = (measure: number, count: number) => {
      into[row + measure] = (into[row + measure] ?? 0) + count
    }
    add(AT.input, input)
    add(AT.output, output)
    add(AT.cachedInput, part(input, shape.cached))
    add(AT.reasoning, part(output, shape.reasoning))
    add(AT.requests, calls)
    add(AT.errors, failed)
    // A failed call has read its prompt and is cut off somewhere in its answer.
    add(AT.errorTokens, Math.floor(((input + 0.4 * output) * failed) / calls))
    return input + output
  }

  return {
    weights,
    weigh(atMs) {
      clients.forEach((client, stream) => {
        weights[stream] = client.share * sway(swaying, stream, atMs) * burstFactor(client, stream, atMs)
      })
    },
    emit(deployment, tokens, admitted, into) {
      const own = byDeployment[deployment] ?? []
      const available = tokens + (carry[deployment] ?? 0)
      const whole = own.reduce((sum, { stream }) => sum + (weights[stream] ?? 0) * (admitted[stream] ?? 1), 0)
      let taken = 0
      if (available > 0 && whole > 0) {
        for (const { client, stream } of own) {
          const part = ((weights[stream] ?? 0) * (admitted[stream] ?? 1)) / whole
          const calls = arrivals(
            stream,
            (available * part) / callTokens(client.shape),
            client.shape.variation,
          )
          if (calls > 0) taken += addCalls(client, stream, calls, into)
        }
      }
      carry[deployment] = available - taken
    },
    carried: (deployment) => carry[deployment] ?? 0,
  }
}
