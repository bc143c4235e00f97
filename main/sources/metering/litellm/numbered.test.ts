import { describe, expect, it } from 'vitest'
import { manualClock } from '../../../platform/clock.ts'
import { SourceFailure } from '../../../platform/failure.ts'
import { numberedPages } from './numbered.ts'

const options = (over: object = {}) => ({
  most: 10,
  signal: new AbortController().signal,
  clock: manualClock(),
  deadlineMs: 1000,
  what: 'LiteLLM at proxy: the spend logs',
  ...over,
})

describe('numbered pages', () => {
  it('are read in their order, some side by side', async () => {
    let abreast = 0
    let most = 0
    const ask = async (page: number) => {
      most = Math.max(most, ++abreast)
      await new Promise((resolve) => setTimeout(resolve, 10 - page))
      abreast -= 1
      return { page, total_pages: 7 }
    }
    const { pages, isCut } = await numberedPages(ask, options())
    expect(pages.map(({ page }) => page)).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect([most, isCut]).toEqual([4, false])
  })

  it('end at the bound and say so', async () => {
    const { pages, isCut } = await numberedPages(async () => ({ total_pages: 11 }), options())
    expect([pages.length, isCut]).toEqual([10, true])
  })

  it('have one deadline together', async () => {
    const clock = manualClock()
    const ask = async () => {
      clock.advance(600)
      return { total_pages: 9 }
    }
    const reading = numberedPages(ask, options({ clock }))
    await expect(reading).rejects.toThrow(SourceFailure)
    await expect(reading).rejects.toThrow('the spend logs: only 5 of 9 pages came within 1 s')
  })

  it('end together when one of them fails', async () => {
    const ended: number[] = []
    const ask = (page: number, signal: AbortSignal) =>
      new Promise<{ total_pages: number }>((resolve, reject) => {
        if (page === 1) resolve({ total_pages: 4 })
        else if (page === 2) reject(new Error('page 2'))
        else signal.addEventListener('abort', () => ended.push(page))
      })
    await expect(numberedPages(ask, options())).rejects.toThrow('page 2')
    expect(ended).toEqual([3, 4])
  })
})
