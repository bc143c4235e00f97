import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import type { MeteringAbilities, MeteringNews } from './types.ts'
import { startTestApi } from '../../demo/metering/testing/api.ts'
import { followEvents } from './events.ts'
import { connectionTo, serve } from './testing/connection.ts'
import { createMeteringHttp } from './transport/http.ts'

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

const PAUSES = { baseMs: 5, ceilingMs: 20 }

/** Follows a server with pauses that suit a test. */
function follow(
  url: string,
  options: { readonly lacks?: boolean; readonly silenceMs?: number; readonly togetherMs?: number } = {},
) {
  const connection = connectionTo({ url })
  const http = createMeteringHttp({ ...connection, url, title: 'Metering API', wrongAddress: '' })
  const news: MeteringNews[] = []
  const abilities: MeteringAbilities = {
    backend: 'test',
    minStepMs: 1000,
    lagMs: 0,
    retentionMs: 1,
    groups: new Set(),
    lacks: new Map(options.lacks === true ? [['events', 'no events']] : []),
    throttle: null,
  }
  const end = followEvents(
    {
      ...connection,
      http,
      abilities: () => Promise.resolve({ abilities }),
      pauses: PAUSES,
      togetherMs: options.togetherMs ?? 5,
      silenceMs: options.silenceMs ?? 5000,
    },
    (one) => news.push(one),
  )
  endings.push(
    () => http.close(),
    () => end(),
  )
  return { news, http, end }
}

const event = (type: string, more: object = {}) =>
  `data: ${JSON.stringify({ type, at: '2026-11-23T12:00:00Z', subject: 'meridian', ...more })}\n\n`

type Listener = (request: IncomingMessage, response: ServerResponse) => void

/** Each connection is handled by the next of the listeners, the last of them for ever. */
async function streams(...listeners: Listener[]) {
  const lastIds: (string | undefined)[] = []
  const server = await serve((request, response) => {
    const listener = listeners[Math.min(lastIds.length, listeners.length - 1)]
    lastIds.push(request.headers['last-event-id']?.toString())
    listener?.(request, response)
  })
  endings.push(() => server.close())
  return { url: server.url, lastIds }
}
const open = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' })
const speaks =
  (text: string, ends = false): Listener =>
  (_request, response) => {
    open(response).write(text)
    if (ends) response.end()
  }

describe('events', () => {
  it('come from the reference server, and nothing is lost while it is away', async () => {
    const test = await startTestApi()
    endings.push(() => test.close())
    const { news } = follow(test.server.url)
    const say = (type: 'usage.advanced' | 'usage.corrected', from?: string) =>
      test.api.events.publish({
        type,
        at: '2026-11-23T12:00:00Z',
        subject: 'usage',
        ...(from === undefined ? {} : { from }),
      })
    await expect
      .poll(() => {
        say('usage.advanced')
        return news.length
      })
      .toBeGreaterThan(0)
    expect(news[0]).toEqual({ kind: 'advanced' })
    test.api.streams.closeAll()
    say('usage.corrected', '2026-11-23T11:00:00Z')
    await expect.poll(() => news).toContainEqual({ kind: 'corrected', fromMs: Date.UTC(2026, 10, 23, 11) })
  })

  it('mean what they say; what is unknown or no event is passed over', async () => {
    const { url } = await streams(
      speaks(
        [
          event('usage.corrected'),
          'data: no JSON\n\n',
          event('colour.changed'),
          event('limits.changed'),
          event('throttle.changed', { subject: 'thr-1' }),
        ].join(''),
      ),
    )
    const { news } = follow(url)
    await expect.poll(() => news).toHaveLength(3)
    expect(news).toEqual([
      { kind: 'corrected', fromMs: 0 },
      { kind: 'limits', tenant: 'meridian' },
      { kind: 'limits', tenant: 'thr-1' },
    ])
  })

  it('go on after the last one that was heard', async () => {
    const { url, lastIds } = await streams(
      speaks(`id: a-7\n${event('usage.advanced')}`, true),
      speaks(`id: a-8\n${event('usage.advanced')}`, true),
      speaks(': here\n\n'),
    )
    const { news } = follow(url)
    await expect.poll(() => lastIds).toEqual([undefined, 'a-7', 'a-8'])
    await expect.poll(() => news).toHaveLength(2)
  })

  it('are asked for again when a stream is silent', async () => {
    const { url, lastIds } = await streams(speaks('id: a-1\n\n'), speaks(event('usage.advanced')))
    const { news } = follow(url, { silenceMs: 100 })
    await expect.poll(() => lastIds.slice(0, 2), { timeout: 4000 }).toEqual([undefined, 'a-1'])
    await expect.poll(() => news.length).toBeGreaterThan(0)
  })

  it('may have been missed where the server numbers none, so usage is asked for', async () => {
    const { url } = await streams(speaks(': hello\n\n', true), speaks(': hello\n\n'))
    const { news } = follow(url)
    await expect.poll(() => news).toEqual([{ kind: 'advanced' }])
  })

  it.each<readonly [RegExp, Listener]>([
    [/HTTP 401.*token/, (_request, response) => response.writeHead(401).end()],
    [/cannot be read: it begins with/, (_request, response) => response.writeHead(200).end('hello')],
    [/events\.|Events are not heard/, (_request, response) => response.destroy()],
    [/Events are not heard/, speaks(`data: ${'x'.repeat(200_000)}`)],
  ])('that cannot be heard are a remark of health, until they can: %s', async (text, listener) => {
    let broken = true
    const { url } = await streams((request, response) => {
      if (broken) listener(request, response)
      else speaks(': here\n\n')(request, response)
    })
    const { http } = follow(url)
    await expect.poll(() => http.health().warnings.join(), { timeout: 5000 }).toMatch(text)
    broken = false
    await expect.poll(() => http.health().warnings, { timeout: 8000 }).toEqual([])
  })

  it('are not asked of a back end that has none, and end when told', async () => {
    const without = await streams(speaks(''))
    follow(without.url, { lacks: true })
    let closed = false
    const { url, lastIds } = await streams((request, response) => {
      request.once('close', () => {
        closed = true
      })
      speaks(': here\n\n')(request, response)
    })
    const { end } = follow(url)
    await expect.poll(() => lastIds.length).toBe(1)
    end()
    await expect.poll(() => closed).toBe(true)
    expect(without.lastIds).toEqual([])
  })

  it('of a flood are told as few, and read no faster than they may be', async () => {
    const piece = event('usage.corrected', { from: '2026-11-23T11:59:00Z' }).repeat(500)
    let written = 0
    const { url } = await streams((_request, response) => {
      open(response)
      const write = () => {
        while (!response.destroyed && response.write(piece)) written += piece.length
        response.once('drain', write)
      }
      write()
    })
    const { news, http, end } = follow(url, { togetherMs: 200 })
    await expect.poll(() => http.health().warnings.join()).toContain('sends more events than are read')
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    end()
    // A second or two of the pace, and what lies in buffers between.
    expect(written).toBeLessThan(16 * 1024 * 1024)
    expect(news.length).toBeLessThan(20)
    expect(news.every((one) => one.kind === 'corrected')).toBe(true)
  })
})
