import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { type CaseFloor, type CaseFloorOptions, startCaseFloor } from '../support/caseFloor.ts'
import { FIGURE } from '../../shared/model/figure.ts'
import { caseText } from '../support/cases.ts'
import { requirement } from '../support/peers.ts'
import { readConfig } from '../../main/config/load.ts'
import { watchEngine } from '../support/watchedEngine.ts'

/** What an answer proves about machines, and what it does not: through the real engine, both ways. */

const prometheus = requirement('prometheus')
const WAYS = ['direct', 'prometheus'] as const

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

async function floorOf(options: CaseFloorOptions): Promise<CaseFloor> {
  const floor = await startCaseFloor(options)
  cleanups.push(() => floor.close())
  return floor
}

const LONG = { timeout: 90_000 }

describe.each(WAYS)('%s', (way) => {
  it('02: six machines that call themselves localhost are six, named by address', LONG, async ({ skip }) => {
    skip(way === 'prometheus' && !prometheus.present, prometheus.reason)
    const texts = [1, 2, 3, 4, 5, 6].map((host) => caseText(`02-hostname-localhost.host${host}.prom`))
    const { screen, targets } = await floorOf({ texts, way, until: ['DCGM_FI_DEV_POWER_USAGE', 12] })
    const topology = await screen
      .watch('fleet.topology', {})
      .until('twelve GPUs on six hosts', ({ gpus, hosts }) => gpus.host.length === 12 && hosts.length === 6)
    expect(topology.hosts.map(({ name }) => name).toSorted()).toEqual([...targets].toSorted())
    const { findings } = await screen
      .watch('fleet.findings', {})
      .until('one warning', ({ total }) => total === 1, 30_000)
    expect(findings[0]).toMatchObject({ kind: 'source', severity: 'advisory' })
    expect(findings[0]?.what).toContain('Hostname=localhost does not name a machine')
    const status = await screen
      .watch('console.status', {})
      .until('a roll-call', ({ rollCall }) => rollCall.present === 12)
    expect(status.rollCall.missing).toBe(0)
  })

  it(
    'GPUs without UUIDs, of two machines of one name, are on the floor and distinguished',
    LONG,
    async ({ skip }) => {
      skip(way === 'prometheus' && !prometheus.present, prometheus.reason)
      const board = (slot: number, watts: number) =>
        `DCGM_FI_DEV_POWER_USAGE{gpu="${slot}",device="nvidia${slot}",modelName="NVIDIA L4",Hostname="node-1"} ${watts}\n` +
        `DCGM_FI_DEV_GPU_UTIL{gpu="${slot}",device="nvidia${slot}",modelName="NVIDIA L4",Hostname="node-1"} 50\n`
      const texts = [0, 1].map((machine) => board(0, 40 + 10 * machine) + board(1, 45 + 10 * machine))
      const { screen, targets } = await floorOf({ texts, way, until: ['DCGM_FI_DEV_POWER_USAGE', 4] })
      const topology = await screen
        .watch('fleet.topology', {})
        .until(
          'four GPUs on two hosts',
          ({ gpus, hosts }) => gpus.host.length === 4 && hosts.length === 2,
          30_000,
        )
      const [, second = ''] = targets.toSorted()
      expect(topology.hosts.map(({ name }) => name).toSorted()).toEqual([second, 'node-1'])
      const { findings } = await screen
        .watch('fleet.findings', {})
        .until(
          'the warning',
          ({ findings: list }) => list.some(({ what }) => what.includes('one name')),
          30_000,
        )
      expect(findings).toMatchObject([{ kind: 'source', severity: 'advisory' }])
    },
  )

  it('34: boards without a temperature are on the floor', LONG, async ({ skip }) => {
    skip(way === 'prometheus' && !prometheus.present, prometheus.reason)
    const texts = ['h-a', 'h-b'].map((host) => caseText(`34-no-temperature.${host}.prom`))
    const { screen } = await floorOf({ texts, way, until: ['DCGM_FI_DEV_FB_USED', 4] })
    const topology = await screen
      .watch('fleet.topology', {})
      .until('four GPUs', ({ gpus }) => gpus.host.length === 4, 30_000)
    expect(topology.hosts.map(({ name }) => name)).toEqual(['h-a', 'h-b'])
    const frame = await screen
      .watch('fleet.frame', { fields: ['gpuUtil'] })
      .until('all current', ({ rows, ageMs }) => rows === 4 && ageMs.every((age) => age < 10_000), 30_000)
    expect(frame.presence).toHaveLength(4)
  })

  it('36: the old namespace names three GPUs with their pods', LONG, async ({ skip }) => {
    skip(way === 'prometheus' && !prometheus.present, prometheus.reason)
    const texts = [caseText('36-old-namespace.prom')]
    const { screen, targets } = await floorOf({ texts, way, until: ['DCGM_FI_DEV_GPU_TEMP', 3] })
    await screen.watch('fleet.topology', {}).until('three GPUs', ({ gpus }) => gpus.host.length === 3, 30_000)
    const detail = await screen
      .watch('fleet.gpu', { host: targets[0] ?? '', slot: 1 })
      .until('its pod', (item) => JSON.stringify(item).includes('training-1'), 30_000)
    expect(detail?.uuid).toBe('GPU-d15076b5-b5b3-4a8f-b87c-70639021eeba')
  })

  it(
    '10: an answer with comments alone is a failure of its source, not an empty floor',
    LONG,
    async ({ skip }) => {
      skip(way === 'prometheus' && !prometheus.present, prometheus.reason)
      const texts = [caseText('09-dra-hides-idle-gpus.t0.prom'), caseText('34-no-temperature.h-a.prom')]
      const { screen, say } = await floorOf({ texts, way, until: ['DCGM_FI_DEV_POWER_USAGE', 9] })
      await screen
        .watch('fleet.topology', {})
        .until('ten GPUs', ({ gpus }) => gpus.host.length === 10, 30_000)
      say(0, caseText('10-comments-only.prom'))
      const { findings } = await screen
        .watch('fleet.findings', {})
        .until(
          'a finding of the source',
          ({ findings: list }) => list.some(({ kind }) => kind === 'source'),
          40_000,
        )
      expect(findings.find(({ kind }) => kind === 'source')?.what).toMatch(/without any/)
      const gone = await screen
        .watch('fleet.findings', {})
        .until(
          'the GPUs of the host are missed, or old',
          ({ findings: list }) => list.some(({ kind }) => kind === 'missing' || kind === 'stale'),
          40_000,
        )
      expect(gone.findings.some(({ kind }) => kind === 'frozen')).toBe(false)
    },
  )

  it('09: idle GPUs that a resource claim hides are one finding that says so', LONG, async ({ skip }) => {
    skip(way === 'prometheus' && !prometheus.present, prometheus.reason)
    const texts = [caseText('09-dra-hides-idle-gpus.t0.prom')]
    const { screen, say } = await floorOf({ texts, way, until: ['DCGM_FI_DEV_POWER_USAGE', 8] })
    await screen.watch('fleet.topology', {}).until('eight GPUs', ({ gpus }) => gpus.host.length === 8, 30_000)
    say(0, caseText('09-dra-hides-idle-gpus.t1.prom'))
    const list = screen.watch('fleet.findings', {})
    const { findings } = await list.until(
      'they are missed, as one',
      ({ findings: all }) => all.some(({ kind, gpus }) => kind === 'missing' && gpus === 7),
      40_000,
    )
    const missing = findings.filter(({ kind }) => kind === 'missing')
    expect(missing).toMatchObject([{ gpus: 7 }])
    expect(missing[0]?.what).toContain('resource claim')
    expect(missing[0]?.nextStep).not.toContain('XID')
    say(0, caseText('09-dra-hides-idle-gpus.t0.prom'))
    await list.until('they are back', ({ total }) => total === 0, 30_000)
  })
})

/** Answers queries about 16 GPUs as Prometheus does; `limit` cuts answers off, with or without a warning. */
async function backEnd() {
  let limit = Number.POSITIVE_INFINITY
  let warns = true
  /** What is not answered any more. */
  let failing: RegExp | null = null
  const answer = (response: ServerResponse, body: unknown): void => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
  const boards = Array.from({ length: 16 }, (_, i) => ({
    Hostname: 'h-01',
    gpu: String(i),
    UUID: `GPU-00000000-0000-4000-8000-0000000000${String(i).padStart(2, '0')}`,
    modelName: 'NVIDIA H100 80GB HBM3',
    instance: 'h-01:9400',
  }))
  let watts = 600
  const there = () => boards.filter(({ gpu }) => !gone.has(gpu))
  const gone = new Set<string>()
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      const promql = new URLSearchParams(text).get('query') ?? ''
      const now = Date.now() / 1000
      const row = (metric: Record<string, string>, value: number) => ({ metric, value: [now, String(value)] })
      const vector = (rows: unknown[], cut: boolean) =>
        answer(response, {
          status: 'success',
          ...(cut && warns && rows.length > limit ? { warnings: ['results truncated due to limit'] } : {}),
          data: { resultType: 'vector', result: cut ? rows.slice(0, limit) : rows },
        })
      if (!request.url?.includes('/query')) return answer(response, { status: 'success', data: {} })
      if (promql.startsWith('count('))
        return vector([row({}, /POWER_USAGE|SM_ACTIVE/.test(promql) ? there().length : 0)], false)
      if (promql.includes('timestamp(')) return vector([row({ instance: 'h-01:9400' }, now - 1)], false)
      if (promql.includes('"up"')) return vector([row({ instance: 'h-01:9400', job: 'dcgm' }, 1)], false)
      if (promql.includes('changes(') || promql.includes('count_over_time')) return vector([], false)
      if (promql.includes('modelName'))
        return vector(
          there().map((labels) => row(labels, 1)),
          true,
        )
      if (failing?.test(promql)) {
        response.writeHead(503).end('out of memory')
        return
      }
      if (!/POWER_USAGE|SM_ACTIVE/.test(promql)) return vector([], false)
      watts += 0.01
      return vector(
        there().map(({ UUID }) => row({ UUID: UUID.slice(-12) }, promql.includes('SM_ACTIVE') ? 0.5 : watts)),
        true,
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  const { screen, close } = watchEngine(
    readConfig(
      `version: 1
site: { name: Case, timezone: UTC }
prometheus: { url: "http://127.0.0.1:${port}", refresh: 1s, slowEvery: 2, identityEvery: 2s, timeout: 2s }
freshness: { staleAfter: 4s, freezeAfter: 60s }
`,
      'floorwatch.yaml',
    ),
  )
  cleanups.push(close)
  return {
    screen,
    fail(question: RegExp) {
      failing = question
    },
    lose(gpu: string) {
      gone.add(gpu)
    },
    cut(to: number, saying: boolean) {
      limit = to
      warns = saying
    },
  }
}

describe('22: a back end that cuts answers off', () => {
  it.each([
    ['with a warning', true],
    ['without a word', false],
  ])('%s makes no GPU missing, and says so', LONG, async (_, saying) => {
    const { screen, cut } = await backEnd()
    const status = screen.watch('console.status', {})
    await status.until('sixteen GPUs', ({ rollCall }) => rollCall.present === 16, 20_000)
    cut(2, saying)
    const { findings } = await screen
      .watch('fleet.findings', {})
      .until('old figures', ({ findings: list }) => list.some(({ kind }) => kind === 'stale'), 30_000)
    expect(findings.filter(({ kind }) => kind === 'missing')).toEqual([])
    const doubt = findings.find(({ kind }) => kind === 'source')
    expect(doubt?.what).toContain('only a part of the floor')
    expect(doubt?.by).toMatch(saying ? /truncated due to limit/ : /2 rows came of 16/)
    expect((await status.until('an item', Boolean)).rollCall).toMatchObject({ present: 16, missing: 0 })
    cut(Number.POSITIVE_INFINITY, false)
    await screen.watch('fleet.findings', {}).until('all is well', ({ total }) => total === 0, 20_000)
  })
})

describe('a question that a back end never answers', () => {
  it('keeps neither a GPU that is gone nor the figures of others', LONG, async () => {
    const { screen, fail, lose } = await backEnd()
    const frames = screen.watch('fleet.frame', { fields: ['smActive', 'power'] })
    await frames.until(
      'sixteen working GPUs',
      ({ states }) => states[0]?.filter((state) => state === FIGURE.ok).length === 16,
      20_000,
    )
    fail(/SM_ACTIVE/)
    lose('3')
    const { findings } = await screen
      .watch('fleet.findings', {})
      .until('the GPU is missed', ({ findings: list }) => list.some(({ kind }) => kind === 'missing'), 30_000)
    expect(findings.filter(({ kind }) => kind === 'missing')).toMatchObject([{ where: 'h-01 · GPU 3' }])
    expect(findings.find(({ kind }) => kind === 'source')?.what).toContain(
      'leaves 1 question about the floor unanswered',
    )
    const { power } = await screen.watch('console.status', {}).until('an item', Boolean)
    expect(power.boards).toBe(15)
  })
})
