import { describe, expect, it } from 'vitest'
import type { TokenOrigin, TokensHistory } from '../../../shared/contract/tokens.ts'
import type { Client } from '../../transport/types.ts'
import { askHistory, type HistoryQuestion } from './questions.ts'
import { said } from '../../../shared/messages/message.ts'

const QUESTION: HistoryQuestion = {
  measure: 'tokens',
  by: 'model',
  filters: {},
  spanMs: 900_000,
  maxPoints: 480,
}
const origin = (state: TokenOrigin['state']): TokenOrigin => ({
  state,
  name: 'Metering API at m:8080',
  text: null,
  nextStep: null,
  dataAsOf: null,
  lagAllowedMs: 60_000,
  missing: [],
  lacks: [],
  corrections: [],
})
const history = (state: TokenOrigin['state'], times: number[], values: number[]): TokensHistory => ({
  origin: origin(state),
  stepMs: 10_000,
  times,
  toMs: 900_000,
  series: [{ name: 'llama', rest: false, values }],
  whole: null,
  standIn:
    state === 'ok'
      ? null
      : {
          source: 'served, from inference servers',
          why: said('It does not answer.'),
          at: 0,
          unjoined: { share: 0, tokensPerSecond: 0, servers: [], total: 0 },
          notes: [],
        },
  warnings: [],
})

/** Answers one after the other. */
function clientWith(...answers: TokensHistory[]): Client {
  const left = [...answers]
  return { call: () => Promise.resolve(left.shift()) } as unknown as Client
}
const ask = (client: Client, query = QUESTION, now = 900_000) =>
  askHistory(client, query, now, new AbortController().signal)

describe('the picture of a metering that goes down', () => {
  it('keeps what was metered and is continued by served tokens, also at another width', async () => {
    const client = clientWith(
      history('ok', [800_000, 810_000], [5, 6]),
      history('failing', [800_000, 820_000], [9, 7]),
    )
    expect((await ask(client)).meteredUntil).toBeNull()
    const picture = await ask(client, { ...QUESTION, maxPoints: 240 })
    expect(picture).toMatchObject({ meteredUntil: 820_000, times: [800_000, 810_000, 820_000] })
    expect(picture.series).toEqual([{ name: 'llama', rest: false, values: [5, 6, 7] }])
  })

  it('is of served tokens alone where nothing was metered of it, or all of that has left the range', async () => {
    const served = history('failing', [820_000], [7])
    expect((await ask(clientWith(served))).series).toEqual(served.series)
    const client = clientWith(history('ok', [10_000], [5]), served)
    await ask(client)
    expect(await ask(client, QUESTION, 2_000_000)).toMatchObject({ meteredUntil: null, times: [820_000] })
  })

  it('is not joined where served tokens stand in for what the metering never tells apart', async () => {
    const client = clientWith(history('ok', [800_000], [5]), {
      ...history('failing', [820_000], [7]),
      origin: origin('ok'),
    })
    await ask(client)
    expect(await ask(client)).toMatchObject({ meteredUntil: null, times: [820_000] })
  })
})
