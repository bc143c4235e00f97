import { describe, expect, it } from 'vitest'
import { createBookedWorld, sumsOf } from '../../testing/books.ts'
import { HOUR_MS } from '../measures.ts'
import { createJobs, type Job } from './workflows.ts'

const { books, run } = createBookedWorld()
run(60)
const jobs = createJobs(books, 7)
const list = (from: number, to: number, tenant?: string) => {
  const found: Job[] = []
  jobs.each(from, to, tenant, (job) => found.push(job))
  return found
}
const tokensOf = ({ tokens }: Pick<Job, 'tokens'>) => tokens.input + tokens.output
const recent = list(books.now() - 3 * HOUR_MS, books.now())

describe('createJobs', () => {
  it('draws the same jobs again, whatever the period that they are asked for in', () => {
    expect(list(books.now() - 3 * HOUR_MS, books.now())).toEqual(recent)
    const some = recent.find((job) => job.endMs !== null)
    expect(list(some?.startMs ?? 0, (some?.startMs ?? 0) + 1)).toContainEqual(some)
  })

  it('gives every job a tree whose steps have its tokens, its retries and its failures', () => {
    for (const job of recent.slice(0, 150)) {
      const found = jobs.find(job.id)
      expect(found?.job).toEqual(job)
      const tree = found?.tree ?? []
      expect(tree).toHaveLength(job.steps)
      expect(tree.filter(({ parentId }) => parentId === null)).toHaveLength(1)
      const ids = new Set(tree.map(({ id }) => id))
      expect(ids.size).toBe(tree.length)
      for (const { parentId } of tree) if (parentId !== null) expect(ids.has(parentId)).toBe(true)
      for (const measure of ['input', 'output', 'cachedInput', 'reasoning'] as const) {
        expect(tree.reduce((sum, step) => sum + step.tokens[measure], 0)).toBe(job.tokens[measure])
      }
      for (const { tokens } of tree) {
        expect(tokens.cachedInput).toBeLessThanOrEqual(tokens.input)
        expect(tokens.reasoning).toBeLessThanOrEqual(tokens.output)
      }
      expect(tree.filter(({ attempt }) => attempt > 1)).toHaveLength(job.retries)
      expect(tree.filter(({ outcome }) => outcome === 'missed')).toHaveLength(job.retrievalMisses)
    }
  })

  it('hands out what the tenant used, heavy-tailed, and no more', () => {
    const from = Math.floor(books.now() / HOUR_MS) * HOUR_MS - 5 * HOUR_MS
    const own = list(from, from + HOUR_MS, 'borealis-agents').filter(({ startMs }) => startMs >= from)
    const handed = own.reduce((sum, job) => sum + tokensOf(job), 0)
    const { input, output } = sumsOf(
      books,
      from - 300_000,
      from + HOUR_MS - 300_000,
      ({ tenant, endpoint }) => tenant === 'borealis-agents' && ['agents', 'tools'].includes(endpoint),
    )
    expect(handed).toBeLessThanOrEqual(input + output)
    expect(handed).toBeGreaterThan(0.8 * (input + output))
    const ranked = own.map(tokensOf).toSorted((a, b) => b - a)
    const tenth = ranked.slice(0, Math.ceil(ranked.length / 10)).reduce((a, b) => a + b, 0)
    expect(tenth / handed).toBeGreaterThan(0.3)
  })

  it('has one job in the night before the start that burnt hundreds of millions, seen in the usage too', () => {
    const [loop] = list(books.startMs - 36 * HOUR_MS, books.startMs)
      .filter(({ id }) => id.startsWith('wf-loop'))
      .toSorted((a, b) => b.startMs - a.startMs)
    expect(loop && tokensOf(loop)).toBeGreaterThan(10_000_000)
    const found = jobs.find(loop?.id ?? '')
    expect(found?.tree.length).toBeLessThan(20_000)
    expect(found?.tree.reduce((sum, step) => sum + step.tokens.input, 0)).toBe(loop?.tokens.input)
    const { input } = sumsOf(
      books,
      Math.floor((loop?.startMs ?? 0) / HOUR_MS) * HOUR_MS,
      Math.ceil((loop?.endMs ?? 0) / HOUR_MS) * HOUR_MS,
      ({ tenant, endpoint }) => tenant === 'borealis-agents' && endpoint === 'agents',
    )
    expect(input).toBeGreaterThan(loop?.tokens.input ?? Number.POSITIVE_INFINITY)
  })

  it('knows no job that does not exist', () => {
    for (const id of ['', 'wf-0', 'wf-zz-zzzzz-0', 'wf-loop-0', 'wf-0-3k9vx-zzz', '__proto__']) {
      expect(jobs.find(id)).toBeNull()
    }
  })
})
