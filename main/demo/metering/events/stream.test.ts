import { EventSourceParserStream } from 'eventsource-parser/stream'
import { afterEach, describe, expect, it } from 'vitest'
import { meteringEventSchema } from '../../../../shared/metering/audit.ts'
import { startTestApi, type TestApi, typeOf } from '../testing/api.ts'
import { throttleOf } from '../testing/throttle.ts'

const open: TestApi[] = []
afterEach(() => Promise.all(open.splice(0).map((each) => each.close())))
async function start(options: Parameters<typeof startTestApi>[0] = {}): Promise<TestApi> {
  const test = await startTestApi(options)
  open.push(test)
  return test
}

/** Listens as a client does. */
async function listen(test: TestApi, lastEventId?: string) {
  const abort = new AbortController()
  const response = await test.fetch('/v1/events', {
    signal: abort.signal,
    ...(lastEventId === undefined ? {} : { headers: { 'last-event-id': lastEventId } }),
  })
  const comments: string[] = []
  const reader = response.body
    ?.pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream({ onComment: (text) => comments.push(text) }))
    .getReader()
  return {
    response,
    comments,
    async next() {
      const { value } = (await reader?.read()) ?? {}
      if (value === undefined) return null
      return { id: value.id, ...meteringEventSchema.parse(JSON.parse(value.data)) }
    },
    leave: () => abort.abort(),
  }
}
const news = (test: TestApi, subject: string) =>
  test.api.events.publish({ type: 'usage.advanced', at: new Date(test.now()).toISOString(), subject })

describe('the event stream', () => {
  it('tells what changes, each with an id', async () => {
    const test = await start()
    const stream = await listen(test)
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream')
    expect(stream.response.headers.get('cache-control')).toBe('no-store')
    const { body } = await throttleOf(test)
    expect(await stream.next()).toMatchObject({ type: 'throttle.changed', subject: body.id })
    const second = await stream.next()
    expect(second).toMatchObject({ type: 'limits.changed', subject: 'meridian' })
    expect(second?.id).toBe(test.api.events.newest())
    stream.leave()
  })

  it('resumes after the last event that the client saw', async () => {
    const test = await start()
    const first = await listen(test)
    for (const subject of ['a', 'b', 'c']) news(test, subject)
    const seen = await first.next()
    first.leave()
    news(test, 'd')
    const second = await listen(test, seen?.id)
    const subjects = [await second.next(), await second.next(), await second.next()].map(
      (event) => event?.subject,
    )
    expect(subjects).toEqual(['b', 'c', 'd'])
    news(test, 'e')
    expect((await second.next())?.subject).toBe('e')
    second.leave()
  })

  it('says that everything may have changed to whom it cannot resume', async () => {
    const test = await start()
    await throttleOf(test)
    const stream = await listen(test, 'another-start-17')
    const first = await stream.next()
    expect(first).toMatchObject({ type: 'usage.corrected', subject: 'usage' })
    expect(Date.parse(first?.from ?? '')).toBe(test.now() - 86_400_000)
    expect(await stream.next()).toMatchObject({ type: 'limits.changed', subject: 'meridian' })
    expect((await stream.next())?.type).toBe('throttle.changed')
    stream.leave()
  })

  it('sends heartbeats while nothing happens', async () => {
    const test = await start({ heartbeatMs: 5 })
    const stream = await listen(test)
    const waiting = stream.next()
    while (!stream.comments.some((text) => text.includes('still here')))
      await new Promise((resolve) => setTimeout(resolve, 5))
    news(test, 'a')
    expect((await waiting)?.subject).toBe('a')
    stream.leave()
  })

  it('ends when the server does, and takes only so many listeners', async () => {
    const test = await start()
    const streams = await Promise.all(Array.from({ length: 64 }, () => listen(test)))
    expect(await typeOf(await test.fetch('/v1/events'))).toBe('unavailable')
    const ends = Promise.allSettled(streams.map((stream) => stream.next()))
    test.api.streams.closeAll()
    for (const end of await ends) expect(end.status === 'rejected' || end.value === null).toBe(true)
    const head = await test.fetch('/v1/events', { method: 'HEAD' })
    expect(head.headers.get('content-type')).toBe('text/event-stream')
  })
})
