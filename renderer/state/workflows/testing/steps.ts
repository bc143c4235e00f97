import type { StepRow } from '../../../../shared/contract/tenants.ts'

/** A step of an invented job; its total is left to whoever needs it. */
export function stepOf(id: string, parentId: string | null, own = 0n, over: Partial<StepRow> = {}): StepRow {
  return {
    id,
    parentId,
    kind: 'model',
    name: 'llama',
    model: 'llama',
    endpoint: 'agents',
    gpuType: 'H100',
    startedAt: 0,
    endedAt: 1000,
    outcome: 'ok',
    attempt: 1,
    tokens: { input: own.toString(), output: '0', cachedInput: '0', reasoning: '0' },
    own: own.toString(),
    total: own.toString(),
    cost: null,
    depth: 0,
    ...over,
  }
}

/** Each step under the one before. */
export function chainOf(count: number): StepRow[] {
  return Array.from({ length: count }, (_, i) => stepOf(String(i), i === 0 ? null : String(i - 1), 1n))
}
