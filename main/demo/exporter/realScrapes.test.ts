import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { realScrapes } from '../../../test/support/peers.ts'
import { createWorld, readSeries, type Series } from '../testing/series.ts'
import { COUNTERS } from './counters.ts'

/** The demo's exporters beside scrapes of real ones: any difference is a mistake of the demo. */
const scrapes = realScrapes()
const real = (file: string) => readFileSync(`${scrapes.path}${file}`, 'utf8')
const world = createWorld({ hosts: 132, faults: 'mig-gaps,no-hostname' })
const print = (board: string, mig = 'none') =>
  world.print(
    world.factory.site.hosts.findIndex(
      (host) =>
        host.board.name === board &&
        host.mig === mig &&
        (mig !== 'none' || (world.factory.placement.podOf[host.firstGpu] ?? -1) >= 0),
    ),
  )
const comments = (text: string) => new Set(text.split('\n').filter((line) => line.startsWith('# ')))
const shapes = (list: readonly Series[]) => new Set(list.map((series) => [...series.labels.keys()].join()))
const order = (text: string) => [...new Set(readSeries(text).map((series) => series.name))]
const instances = (text: string) => readSeries(text).filter((series) => series.labels.has('GPU_I_ID'))
/** Whole numbers, or decimals with their number of digits. */
const formats = (list: readonly Series[]) =>
  new Map(
    list.map(({ name, value }) => [
      name,
      /^\d+$/.test(value) ? 'whole' : value.replace(/^\d+/, '0').replaceAll(/\d/g, '0'),
    ]),
  )

describe('beside real scrapes', () => {
  it('has every name, HELP and TYPE of a whole L4 scrape, in the same order', ({ skip }) => {
    skip(!scrapes.present, scrapes.reason)
    const theirs = real('dcgm-l4.prom')
    const ours = print('H100')
    for (const line of comments(theirs)) expect(comments(ours)).toContain(line)
    const shared = new Set(order(theirs))
    expect(order(ours).filter((name) => shared.has(name))).toEqual(order(theirs))
  })

  it('prints each number in the style of the L4 scrape', ({ skip }) => {
    skip(!scrapes.present, scrapes.reason)
    const theirs = formats(readSeries(real('dcgm-l4.prom')))
    const ours = formats(readSeries(print('H100')))
    expect([...theirs.keys()].map((name) => [name, ours.get(name)])).toEqual([...theirs])
  })

  it('has the label keys of H100 pods and of boards without one, in their order', ({ skip }) => {
    skip(!scrapes.present, scrapes.reason)
    const theirs = shapes(readSeries(real('dcgm-h100-pods.prom')))
    const host = world.factory.site.hosts
      .map((_, h) => readSeries(world.print(h)))
      .find((list) => {
        const gauge = list.filter((series) => series.name === 'DCGM_FI_DEV_GPU_TEMP')
        return (
          list.every((series) => series.labels.get('modelName')?.includes('H100')) && shapes(gauge).size > 1
        )
      })
    expect(theirs.size).toBe(2)
    expect(shapes((host ?? []).filter((series) => series.name === 'DCGM_FI_DEV_GPU_TEMP'))).toEqual(theirs)
    const models = readSeries(real('dcgm-h100-pods.prom')).map((series) => series.labels.get('modelName'))
    expect(models).toContain(host?.[0]?.labels.get('modelName'))
  })

  it('has the label keys of MIG instances in the order of the A100 scrape, and the newer ones beside', ({
    skip,
  }) => {
    skip(!scrapes.present, scrapes.reason)
    const theirs = instances(real('dcgm-a100-mig.prom'))
    const ours = instances(print('A100', 'both'))
    const known = new Set([...shapes(theirs)].flatMap((shape) => shape.split(',')))
    const reduced = ours.map((series) => [...series.labels.keys()].filter((key) => known.has(key)).join())
    expect(new Set(reduced)).toEqual(shapes(theirs))
    const names = new Set(ours.map((series) => series.name))
    for (const { name } of theirs) expect(names).toContain(name)
  })

  it("has exactly the default counters, with the texts of the exporter's own list", ({ skip }) => {
    skip(!scrapes.present, scrapes.reason)
    const rows = real('dcgm-default-counters.csv')
      .split('\n')
      .map((line) => /^(# )?(DCGM_FI_\w+)\s*,\s*(gauge|counter)\s*,\s*(.*)$/.exec(line))
      .filter((row) => row !== null)
    const standard = rows.filter((row) => row[1] === undefined)
    const byName = new Map(COUNTERS.map((counter) => [counter.name, counter]))
    expect(new Set(standard.map((row) => row[2]))).toEqual(
      new Set(COUNTERS.filter((counter) => counter.standard).map((counter) => counter.name)),
    )
    for (const [, commented, name = '', type, help] of rows) {
      const ours = byName.get(name)
      if (ours === undefined || (commented !== undefined && ours.standard)) continue
      expect({ name, type: ours.type, help: ours.help }).toEqual({ name, type, help })
    }
  })
})
