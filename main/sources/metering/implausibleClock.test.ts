import { afterEach, describe, expect, it } from 'vitest'
import { createApi } from './api.ts'
import { connectionTo, serve } from './testing/connection.ts'
import type { MeteringSource } from './types.ts'
import { plainly } from '../../../test/support/plainly.ts'

const signal = new AbortController().signal
let date: string
let end: () => Promise<void> = async () => undefined
afterEach(() => end())

async function open(): Promise<MeteringSource> {
  const server = await serve((_, response) => {
    response.setHeader('date', date)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(
      JSON.stringify({ rates: [], dataAsOf: new Date().toISOString(), complete: true, missing: [] }),
    )
  })
  const source = createApi(connectionTo({ url: server.url }))
  end = async () => {
    await source.close()
    await server.close()
  }
  return source
}

describe('a back end whose Date header cannot be true', () => {
  it.each([
    ['9999', 'Fri, 31 Dec 9999 23:59:59 GMT'],
    ['1970', 'Thu, 01 Jan 1970 00:00:00 GMT'],
  ])('moves no times, and is doubted until it tells a good one: %s', async (year, told) => {
    date = told
    const source = await open()
    await source.rates(signal)
    expect(source.backendClock.offsetMs).toBe(0)
    expect(plainly(source.health().doubts)).toMatchObject([
      {
        code: 'clock',
        severity: 'advisory',
        by: expect.stringContaining(`Its clock says ${year}-`) as string,
      },
    ])
    date = new Date().toUTCString()
    await source.rates(signal)
    expect(source.health().doubts).toEqual([])
  })
})
