import { describe, expect, it } from 'vitest'
import { createWorkflowHandlers } from '../../../demo/metering/reading/workflows.ts'
import { createBookedWorld } from '../../../demo/testing/books.ts'
import { plainly } from '../../../../test/support/plainly.ts'
import { treeOf } from './workflows.ts'

const HOUR = 3_600_000
const { books, run, world } = createBookedWorld()
run(60)
const demo = createWorkflowHandlers({
  ledger: books,
  factory: world.factory,
  effective: () => ({ tpm: null, rpm: null, maxConcurrent: null }),
  isBlocked: () => false,
})
const request = { params: null, query: null, body: null, headers: {}, actor: 'test', requestId: 'test' }
const instant = (ms: number) => new Date(ms).toISOString()
const { workflows } = demo.listWorkflows({
  ...request,
  query: { from: instant(books.startMs - 36 * HOUR), to: instant(books.startMs), limit: 100 },
}).body
const explain = (id: string) => {
  const { workflow, tree } = demo.getWorkflow({ ...request, params: { id } }).body
  return plainly(treeOf(workflow, tree))
}

describe('jobs of the demo', () => {
  it('have one agent that loops, and it is told why it took 400 million tokens', () => {
    const loop = workflows.find(({ id }) => id.startsWith('wf-loop'))
    const { remarks, unexplained, warnings, steps } = explain(loop?.id ?? '')
    expect(steps.length).toBeGreaterThan(5000)
    expect({ unexplained, warnings }).toEqual({ unexplained: '0', warnings: [] })
    expect(remarks[0]?.text).toMatch(
      /^Loop: crm-lookup failed [\d,]+ times under ticket-resolution .* took 400.*M.*tok, 100.*% of the job\. Each of its [\d,]+ passes read/,
    )
  })

  it('are explained to the last token, and no other is called a loop', () => {
    const others = workflows.filter(({ id }) => !id.startsWith('wf-loop'))
    expect(others.length).toBeGreaterThan(50)
    for (const { id, steps } of others) {
      const detail = explain(id)
      expect(detail.steps).toHaveLength(steps)
      expect(detail).toMatchObject({ unexplained: '0', warnings: [] })
      expect(detail.remarks.filter(({ text }) => /^(Loop|Repetition|Recursion)/.test(text))).toEqual([])
    }
  })
})
