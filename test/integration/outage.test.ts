import { afterEach, describe, expect, it } from 'vitest'
import { readConfig } from '../../main/config/load.ts'
import { type FakeExporter, startFakeExporter } from '../support/fakeExporter.ts'
import { watchEngine } from '../support/watchedEngine.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

const EXPORTERS = 50
/** Long enough that most wait for many intervals: by themselves half of them would be silent for another ten seconds. */
const OUTAGE_MS = 20_000

describe('50 exporters silent, then back', () => {
  it('are all read again soon after the first one answers', { timeout: 60_000 }, async () => {
    const exporters: FakeExporter[] = await Promise.all(
      Array.from({ length: EXPORTERS }, (_, i) => startFakeExporter({ host: `h-${i}`, gpus: 1 })),
    )
    for (const each of exporters) cleanups.push(() => each.close())
    const targets = exporters.map(({ port }) => `"127.0.0.1:${port}"`).join(', ')
    const { screen, close } = watchEngine(
      readConfig(
        `version: 1
site: { name: Test hall, timezone: UTC }
exporters: { static: [${targets}], interval: 1s, timeout: 500ms }
`,
        'floorwatch.yaml',
      ),
    )
    cleanups.push(close)
    const status = screen.watch('console.status', {})
    const answering = (ok: number) => (now: { sources: { ok: number; slow: number } }) =>
      now.sources.ok + now.sources.slow === ok
    await status.until('all answer', answering(EXPORTERS))

    for (const each of exporters) each.mode = 'hung'
    await status.until('all back off', ({ sources }) => sources.backoff === EXPORTERS, 20_000)
    await new Promise((resolve) => setTimeout(resolve, OUTAGE_MS))
    expect(status.latest()?.sources.backoff).toBe(EXPORTERS)

    for (const each of exporters) each.mode = 'ok'
    await status.until('one answers again', ({ sources }) => sources.ok + sources.slow > 0, 20_000)
    await status.until('all answer again', answering(EXPORTERS), 5_000)
  })
})
