import { describe, expect, it } from 'vitest'
import { systemClock } from '../../platform/clock.ts'
import { createLogger } from '../../platform/logger.ts'
import { createAgent } from '../../platform/http/index.ts'
import { targetOf } from './targets/address.ts'
import { createTargetParser } from './parser.ts'
import { createScraper } from './scraper.ts'
import { goodExporter, startExporters } from './testing/exporters.ts'
import { DEFAULT_SCRAPE_LIMITS } from './types.ts'

/** Reading this takes several turns, on any machine. */
function large(round: number): Buffer {
  const lines = Array.from(
    { length: 40_000 },
    (_, i) => `m_${i % 50}{a="${round}-${i % 4000}",b="${i}"} ${i}`,
  )
  return Buffer.from(`${lines.join('\n')}\n`)
}

describe('a long answer', () => {
  const limits = { ...DEFAULT_SCRAPE_LIMITS, maxLabelSets: 200_000 }

  it('lets others run while it is read', async () => {
    let between = 0
    let reading = true
    const count = (): void => {
      between++
      if (reading) setImmediate(count)
    }
    setImmediate(count)
    const { count: series } = await createTargetParser(limits).parseInTurns(large(0))
    reading = false
    expect(series).toBe(40_000)
    expect(between).toBeGreaterThan(2)
  })

  it('says the same in turns as at once, also after another one', async () => {
    const [slow, fast] = [createTargetParser(limits), createTargetParser(limits)]
    for (const round of [0, 1, 1, 0]) {
      const [turns, once_] = [await slow.parseInTurns(large(round)), fast.parse(large(round))]
      expect(turns.series.length).toBe(once_.series.length)
      expect(turns.series.every(({ name }, i) => name === once_.series[i]?.name)).toBe(true)
      expect(Buffer.from(turns.values.buffer).equals(Buffer.from(once_.values.buffer))).toBe(true)
    }
  })

  it('that is cut off leaves what was known', async () => {
    const parser = createTargetParser(limits)
    const first = await parser.parseInTurns(large(0))
    await expect(parser.parseInTurns(large(1).subarray(0, -1))).rejects.toThrow('cut off')
    expect((await parser.parseInTurns(large(0))).series).toBe(first.series)
  })
})

describe('a scrape that is called off while its answer is read', () => {
  it('is of no account', async () => {
    const exporters = startExporters()
    const agent = createAgent({ connections: 1 })
    let taken = 0
    const begun = Promise.withResolvers<void>()
    const scraper = createScraper({
      agent,
      intervalMs: 1000,
      deadlineMs: 5000,
      concurrency: 1,
      limits: DEFAULT_SCRAPE_LIMITS,
      clock: systemClock,
      logger: createLogger({ level: 'silent' }),
      isWanted() {
        scraper.pause()
        begun.resolve()
        return true
      },
      onScrape: () => void taken++,
      onLost: () => undefined,
    })
    scraper.setTargets([targetOf(await exporters.serve(goodExporter('h-1')), new Map())])
    await begun.promise
    await scraper.close()
    expect(taken).toBe(0)
    await agent.close()
    await exporters.close()
  })
})
