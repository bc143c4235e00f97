import type { Group } from '../../../../shared/metering/capabilities.ts'
import type { StreamSpec } from '../../ledger/types.ts'
import { invalid } from '../reading/context.ts'

export interface GroupQuery {
  readonly groupBy?: readonly Group[] | undefined
  readonly tenant?: readonly string[] | undefined
  readonly model?: readonly string[] | undefined
  readonly endpoint?: readonly string[] | undefined
  readonly gpuType?: readonly string[] | undefined
}

/** Streams that answer one series. */
export interface StreamGroup {
  readonly dims: Readonly<Partial<Record<Group, string>>>
  readonly streams: readonly number[]
}

const FILTERS = ['tenant', 'model', 'endpoint', 'gpuType'] as const

/**
 * The streams that pass the filters, by the dimensions that were asked for.
 * @throws ProblemError where keys of several tenants would be mixed
 */
export function groupStreams(streams: readonly StreamSpec[], query: GroupQuery): StreamGroup[] {
  const groupBy = [...new Set(query.groupBy ?? [])]
  if (groupBy.includes('key') && query.tenant?.length !== 1) {
    throw invalid('Keys are known within one tenant: name exactly one in tenant.', 'query.groupBy')
  }
  const groups = new Map<string, { dims: Partial<Record<Group, string>>; streams: number[] }>()
  streams.forEach((stream, index) => {
    if (!FILTERS.every((name) => query[name]?.includes(stream[name]) ?? true)) return
    const names = groupBy.map((group) => stream[group])
    const id = JSON.stringify(names)
    let group = groups.get(id)
    if (group === undefined) {
      const dims = Object.fromEntries(groupBy.map((name, i) => [name, names[i]]))
      groups.set(id, (group = { dims, streams: [] }))
    }
    group.streams.push(index)
  })
  return [...groups.values()]
}
