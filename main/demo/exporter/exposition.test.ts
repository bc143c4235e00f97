import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { requirement } from '../../../test/support/peers.ts'
import { fieldCodeOfSeries } from '../../../shared/model/field.ts'
import { createWorld, readSeries } from '../testing/series.ts'
import { COUNTERS } from './counters.ts'
import { createExposition } from './exposition.ts'

const promtool = requirement('promtool')
/** One host of each board type, MIG in both ways of reporting. */
function oneOfEach(world: ReturnType<typeof createWorld>): number[] {
  const { hosts } = world.factory.site
  const kinds = new Map(hosts.map((host, h) => [`${host.board.name}/${host.mig}`, h]))
  return [...kinds.values()]
}

function wholeFloor(): string {
  const world = createWorld({ faults: 'default' })
  world.run(7)
  return world.factory.site.hosts.map((_, h) => world.print(h)).join('')
}

describe('the exposition', () => {
  it('is the same bytes for the same seed and steps', () => {
    const first = wholeFloor()
    expect(wholeFloor()).toBe(first)
    expect(first.length).toBeGreaterThan(1_000_000)
  })

  it('moves between collections, also on an idle board', () => {
    const world = createWorld()
    const idle = world.factory.site.hosts.findIndex(
      (host) => host.mig === 'none' && (world.factory.placement.podOf[host.firstGpu] ?? -1) < 0,
    )
    const before = world.print(idle)
    expect(world.print(idle)).toBe(before)
    world.run(1)
    expect(world.print(idle)).not.toBe(before)
  })

  it('fits into the size that it announces, for every host and with every fault', () => {
    for (const faults of ['none', 'all', 'all,xid48=h-0001+h-0040+h-0030']) {
      const world = createWorld({ faults })
      world.factory.site.hosts.forEach((_, h) => {
        const buffer = Buffer.alloc(world.exposition.size(h))
        const bytes = world.exposition.render(h, buffer)
        expect(bytes).toBeLessThanOrEqual(buffer.length)
        expect(buffer[bytes - 1]).toBe(0x0a)
      })
    }
  })

  it('groups each name once, under its own HELP and TYPE, without duplicate series', () => {
    const world = createWorld({ faults: 'default' })
    for (const h of oneOfEach(world)) {
      const text = world.print(h)
      const helps = [...text.matchAll(/^# HELP (\S+) /gm)].map((match) => match[1])
      expect(new Set(helps).size).toBe(helps.length)
      expect([...text.matchAll(/^# TYPE (\S+) (?:gauge|counter)$/gm)].map((match) => match[1])).toEqual(helps)
      const names = readSeries(text).map((series) => series.name)
      expect([...new Set(names)]).toEqual(helps)
      const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
      expect(new Set(lines.map((line) => line.slice(0, line.lastIndexOf(' ')))).size).toBe(lines.length)
    }
  })

  it('prints nothing that the console does not know', () => {
    const world = createWorld()
    const names = oneOfEach(world).flatMap((h) => readSeries(world.print(h)).map((series) => series.name))
    const unknown = [...new Set(names)].filter((name) => fieldCodeOfSeries(name) < 0)
    expect(unknown).toEqual(['DCGM_EXP_XID_ERRORS_COUNT'])
  })

  it('reports MIG boards in either way: instances alone, or the board beside them', () => {
    const world = createWorld({ hosts: 132 })
    const powers = (mig: string) => {
      const host = world.factory.site.hosts.findIndex((candidate) => candidate.mig === mig)
      return readSeries(world.print(host)).filter(
        (series) => series.name === 'DCGM_FI_DEV_POWER_USAGE' && series.labels.get('gpu') === '0',
      )
    }
    const flex = powers('instances')
    const both = powers('both')
    expect(flex.length).toBeGreaterThan(1)
    expect(flex.every((series) => series.labels.has('GPU_I_PROFILE'))).toBe(true)
    expect(both.filter((series) => !series.labels.has('GPU_I_PROFILE'))).toHaveLength(1)
    // dcgm-exporter#317: the board's power again on each instance.
    expect(new Set(both.map((series) => series.value)).size).toBe(1)
  })

  it('knows the standard list as well: 25 fields', () => {
    const world = createWorld()
    const standard = createExposition(world.factory, world.faults, { counters: 'standard' })
    const classic = world.hostIndex('h-0001')
    const buffer = Buffer.alloc(standard.size(classic))
    const text = buffer.toString('latin1', 0, standard.render(classic, buffer))
    expect(new Set(readSeries(text).map((series) => series.name)).size).toBe(25)
    expect(COUNTERS.filter((counter) => counter.standard)).toHaveLength(25)
  })

  it('is accepted by promtool', ({ skip }) => {
    skip(!promtool.present, promtool.reason)
    const world = createWorld({ faults: 'all' })
    world.run(2)
    for (const h of oneOfEach(world)) {
      const check = spawnSync(promtool.path, ['check', 'metrics'], {
        input: world.print(h),
        encoding: 'utf8',
      })
      // 3 is promtool's lint on NVIDIA's naming style; a body that does not parse is 1.
      expect(check.stderr).not.toMatch(/error while/i)
      expect([0, 3]).toContain(check.status)
    }
  })
})
