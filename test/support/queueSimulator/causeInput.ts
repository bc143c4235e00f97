import type { CauseInput, LoadSeries, PoolSeries } from '../../../main/core/cause/types.ts'
import type { Scenario } from './scenarios.ts'
import { MODEL } from './world.ts'

/** What a console knows of a scenario at its `now`: the metering's and the servers' series, and nothing of the truth. */
export function causeInput(scenario: Scenario): CauseInput {
  const { recording, measured, metered, now, tenants } = scenario
  const routes = recording.routes.filter(({ tenant }) => metered(tenant))
  const known = (series: Float64Array) =>
    series.slice(0, now).map((value, minute) => (measured(minute) ? value : Number.NaN))
  const sum = (of: 'bad' | 'requests') => {
    const total = new Float64Array(now)
    for (const route of recording.routes) {
      if (route.model !== MODEL) continue
      for (let minute = 0; minute < now; minute++)
        total[minute] = (total[minute] as number) + (route[of][minute] as number)
    }
    return total
  }
  return {
    objectiveId: 'ttft',
    fromMs: 0,
    minutes: now,
    target: 0.95,
    models: scenario.seed % 2 === 0 ? [MODEL] : [],
    events: { bad: sum('bad'), total: sum('requests') },
    byTenant: routes.map(({ tenant, model, endpoint, bad, requests }) => ({
      tenant,
      model,
      endpoint,
      bad: known(bad),
      total: known(requests),
    })),
    loads: routes.map(
      ({ tenant, model, endpoint, key, requests, input, output }): LoadSeries => ({
        tenant,
        model,
        endpoint,
        key,
        requests: known(requests),
        input: known(input),
        output: known(output),
      }),
    ),
    pools: [...new Set(recording.servers.map(({ model }) => model))].map((model) => poolOf(scenario, model)),
    entitled: new Map(tenants.map(({ id, entitled }) => [id, entitled])),
  }
}

function poolOf({ recording, now }: Scenario, model: string): PoolSeries {
  const some = recording.servers.filter((server) => server.model === model)
  const sum = (of: 'up' | 'running' | 'waiting' | 'input' | 'output') =>
    Float64Array.from({ length: now }, (_, minute) =>
      some.reduce((total, server) => total + (server[of][minute] as number), 0),
    )
  return {
    model,
    servers: sum('up'),
    running: sum('running'),
    waiting: sum('waiting'),
    input: sum('input'),
    output: sum('output'),
  }
}
