import { useEffect, useState } from 'react'
import type { WorkflowRow } from '../../../shared/contract/tenants.ts'
import { visibleName } from '../../../shared/model/foreignText.ts'
import { EMPTY_TOPOLOGY } from '../../../shared/model/topology.ts'
import { say } from '../../../shared/messages/format.ts'
import { findFindings, findGpus, findHosts, findRacks, findXids, floorWith } from '../../state/find/floor.ts'
import type { Found } from '../../state/find/found.ts'
import { findInDimension, findJobs, findTenants } from '../../state/find/tokens.ts'
import { formatRoute } from '../../state/navigation.ts'
import { filterSources, worstFirst } from '../../state/sources.ts'
import { PERIODS } from '../../state/workflows/periods.ts'
import { useClient, useStream } from '../../transport/context.tsx'
import { engineNow } from '../../transport/engineClock.ts'
import { type Action, useFinder } from '../../ui/keys/actions.ts'
import { KIND_WORDS } from '../sources/stateNames.ts'

const MOST = 60

/**
 * Lets the palette find whatever this console knows of. Mounted with it, so that the lists are sent only while somebody
 * searches.
 */
export function PaletteSources() {
  const { item: health } = useStream('sources.health', {})
  const { item: topology = EMPTY_TOPOLOGY } = useStream('fleet.topology', {})
  const { item: findings } = useStream('fleet.findings', {})
  const { item: tokens } = useStream('tokens.overview', { filters: {}, limit: 100 })
  const { item: tenants } = useStream('tokens.tenants', {})
  const jobs = useRecentJobs()

  useFound('tenants', say('palette.group.tenants'), (query) =>
    tenants === undefined ? [] : findTenants(tenants, query),
  )
  useFound('models', say('palette.group.models'), (query) =>
    findInDimension('model', tokens?.dimensions.model.rows ?? [], query),
  )
  useFound('endpoints', say('palette.group.endpoints'), (query) =>
    findInDimension('endpoint', tokens?.dimensions.endpoint.rows ?? [], query),
  )
  useFound('jobs', say('palette.group.jobs'), (query) => findJobs(jobs, query))
  useFound('hosts', say('palette.group.hosts'), (query) => findHosts(topology, query))
  useFound('gpus', say('palette.group.gpus'), (query) => findGpus(topology, query))
  useFound('racks', say('palette.group.racks'), (query) => findRacks(topology, query))
  useFound('xids', say('palette.group.xids'), findXids)
  useFound('findings', say('palette.group.findings'), (query) =>
    findFindings(findings?.findings ?? [], topology, query),
  )
  useFound('sources', say('palette.group.sources'), (query) =>
    worstFirst(filterSources(health?.sources ?? [], { query, states: new Set() }))
      .slice(0, MOST)
      .map(({ id, name, kind, address }) => ({
        id: `source.${id}`,
        title: name,
        detail: `${KIND_WORDS[kind]} · ${address}`,
        keywords: [address],
        to: formatRoute('sources', { source: id }),
      })),
  )
  return null
}

/** What can be done with a text that nothing is called. */
export function insteadOf(query: string): readonly Action[] {
  const go = (id: string, title: string, to: string): Action => ({
    id,
    title,
    group: say('palette.group.instead'),
    to,
    run: () => undefined,
  })
  return [
    go('find.floor', say('palette.instead.floor', { query }), floorWith(query)),
    go('find.tenants', say('palette.instead.tenants', { query }), formatRoute('tenants', { text: query })),
    go('find.sources', say('palette.instead.sources'), formatRoute('sources')),
  ]
}

function useFound(id: string, group: string, find: (query: string) => readonly Found[]): void {
  useFinder({
    id,
    group,
    find: (query) =>
      find(query).map(({ title, detail, ...found }) => ({
        ...found,
        // What a finding says is the console's own text, with the names in it made visible already.
        title: id === 'findings' ? title : visibleName(title),
        ...(detail === undefined || detail === '' ? {} : { detail: visibleName(detail) }),
        group,
        run: () => undefined,
      })),
  })
}

const NO_JOBS: readonly WorkflowRow[] = []

/** The largest jobs of the last day, asked for once. */
function useRecentJobs(): readonly WorkflowRow[] {
  const client = useClient()
  const [jobs, setJobs] = useState(NO_JOBS)
  useEffect(() => {
    const abort = new AbortController()
    const toMs = engineNow()
    client
      .call(
        'tokens.workflows',
        { tenant: null, fromMs: toMs - PERIODS.day.spanMs, toMs, outcome: null, cursor: null },
        { signal: abort.signal },
      )
      .then(({ workflows }) => setJobs(workflows))
      // A wall may not read them, and some back ends know none: then there are none to be found.
      .catch(() => undefined)
    return () => abort.abort()
  }, [client])
  return jobs
}
