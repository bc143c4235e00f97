import { describe, expect, it } from 'vitest'
import { createWorld, readSeries, valueOf, type Series } from '../testing/series.ts'
import { FAULT_NAMES } from './catalogue.ts'
import { changeSettings } from './settings.ts'

const XID = 'DCGM_FI_DEV_XID_ERRORS'

function worldWith(change: object, seconds = 0) {
  const world = createWorld()
  const settings = changeSettings(world.faults.settings(), world.defaults, change, world.factory)
  world.faults.apply(settings)
  world.run(seconds)
  return world
}
/** The print of the first host that a fault targets by default, and which GPU. */
function targetOf(world: ReturnType<typeof createWorld>, name: (typeof FAULT_NAMES)[number]) {
  const [host = '', slot = '0'] = (world.defaults[name].targets[0] ?? '').split('/')
  const index = world.hostIndex(host)
  return { host: index, gpu: Number(slot), text: world.print(index) }
}
const gpusIn = (text: string) => new Set(readSeries(text).map((series) => series.labels.get('gpu'))).size

const uuids = (print: string) => new Set(readSeries(print).map((series) => series.labels.get('UUID')))
const instancesWith = (change: object) =>
  readSeries(targetOf(worldWith(change), 'mig-gaps').text).filter((series) => series.labels.has('GPU_I_ID'))

const countNamed = (list: readonly Series[], name: string) =>
  list.filter((series) => series.name === name).length

describe('faults in the scrape', () => {
  it('vanished: the GPU has no series at all, its neighbours have', () => {
    const world = worldWith({ vanished: true }, 1)
    const { text, gpu } = targetOf(world, 'vanished')
    expect(gpusIn(text)).toBe(7)
    expect(valueOf(text, 'DCGM_FI_DEV_GPU_TEMP', gpu)).toBeUndefined()
  })

  it('xid79: reported first, gone 30 s later, back after the switch', () => {
    const world = worldWith({ xid79: true }, 1)
    const before = targetOf(world, 'xid79')
    expect(valueOf(before.text, XID, before.gpu)).toBe('79')
    expect(before.text).toContain('err_code="79",err_msg="GPU has fallen off the bus"')
    world.run(30)
    expect(gpusIn(world.print(before.host))).toBe(7)
    world.faults.apply(world.defaults)
    world.run(1)
    expect(valueOf(world.print(before.host), XID, before.gpu)).toBeUndefined()
    expect(gpusIn(world.print(before.host))).toBe(8)
  })

  it('xid48: the code stays, a double-bit error and a remapped row are counted, work stops', () => {
    const world = worldWith({ xid48: true }, 600)
    const { text, gpu } = targetOf(world, 'xid48')
    expect(valueOf(text, XID, gpu)).toBe('48')
    expect(valueOf(text, 'DCGM_FI_DEV_ECC_DBE_VOL_TOTAL', gpu)).toBe('1')
    expect(valueOf(text, 'DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS', gpu)).toBe('1')
    expect(valueOf(text, 'DCGM_FI_PROF_SM_ACTIVE', gpu)).toBe('0.000000')
  })

  it('xid94: work is back after a minute, the code stays, the count leaves its window', () => {
    const world = worldWith({ xid94: true }, 5)
    const { text, gpu, host } = targetOf(world, 'xid94')
    expect(valueOf(text, XID, gpu)).toBe('94')
    expect(valueOf(text, 'DCGM_FI_PROF_SM_ACTIVE', gpu)).toBe('0.000000')
    const count = (print: string) =>
      readSeries(print).find(
        (series) => series.name === 'DCGM_EXP_XID_ERRORS_COUNT' && series.labels.get('gpu') === String(gpu),
      )
    expect(count(text)?.value).toBe('1')
    expect(count(text)?.labels.get('xid')).toBe('94')
    for (let i = 0; i < 6; i++) world.run(60)
    expect(Number(valueOf(world.print(host), 'DCGM_FI_PROF_SM_ACTIVE', gpu))).toBeGreaterThan(0)
    expect(valueOf(world.print(host), XID, gpu)).toBe('94')
    expect(count(world.print(host))?.value).toBe('0')
    expect(count(world.print(host))?.labels.has('xid')).toBe(false)
  })

  it('sentinels: blank values exactly as DCGM prints them', () => {
    const world = worldWith({ sentinels: true })
    const { text, gpu } = targetOf(world, 'sentinels')
    expect(valueOf(text, 'DCGM_FI_DEV_MEMORY_TEMP', gpu)).toBe('9223372036854775794')
    expect(valueOf(text, 'DCGM_FI_PROF_PIPE_TENSOR_ACTIVE', gpu)).toBe('140737488355328.000000')
  })

  it('implausible: the two garbage values that were really seen', () => {
    const world = worldWith({ implausible: true })
    const { text, gpu } = targetOf(world, 'implausible')
    expect(valueOf(text, 'DCGM_FI_DEV_GPU_UTIL', gpu)).toBe('4294967295')
    expect(valueOf(text, 'DCGM_FI_PROF_SM_ACTIVE', gpu)).toBe('1.294000')
  })

  it('hostname: one spelling per host', () => {
    const world = worldWith({ hostname: true })
    const { text, host } = targetOf(world, 'hostname')
    expect(text).toContain(',hostname="')
    expect(text).not.toContain(',Hostname="')
    expect(world.print((host + 4) % 48)).toContain(',Hostname="')
  })

  it('mig-gaps: no utilisation per instance; memory and profiling missing on some', () => {
    const whole = instancesWith({})
    const gaps = instancesWith({ 'mig-gaps': true })
    const instances = countNamed(whole, 'DCGM_FI_DEV_POWER_USAGE')
    expect(countNamed(whole, 'DCGM_FI_DEV_GPU_UTIL')).toBe(instances)
    expect(countNamed(gaps, 'DCGM_FI_DEV_GPU_UTIL')).toBe(0)
    for (const name of ['DCGM_FI_DEV_FB_USED', 'DCGM_FI_PROF_SM_ACTIVE']) {
      expect(countNamed(gaps, name)).toBeGreaterThan(0)
      expect(countNamed(gaps, name)).toBeLessThan(instances)
    }
  })

  it('thermal: event bit, falling clock and power beside a healthy neighbour', () => {
    const world = worldWith({ thermal: true }, 300)
    const { text, gpu } = targetOf(world, 'thermal')
    const read = (name: string, slot: number) => Number(valueOf(text, name, slot))
    expect(read('DCGM_FI_DEV_CLOCKS_EVENT_REASONS', gpu) & 0x20).toBe(0x20)
    expect(read('DCGM_FI_DEV_POWER_USAGE', gpu)).toBeLessThan(0.8 * read('DCGM_FI_DEV_POWER_USAGE', 0))
    expect(read('DCGM_FI_DEV_GPU_TEMP', gpu)).toBeGreaterThanOrEqual(84)
  })

  it('deadlock: fully busy by GPU_UTIL, yet little power and no tensor work', () => {
    const world = worldWith({ deadlock: true }, 60)
    const { text, gpu, host } = targetOf(world, 'deadlock')
    expect(valueOf(text, 'DCGM_FI_DEV_GPU_UTIL', gpu)).toBe('100')
    expect(valueOf(text, 'DCGM_FI_PROF_PIPE_TENSOR_ACTIVE', gpu)).toBe('0.000000')
    const limit = world.factory.site.hosts[host]?.board.limitWatts ?? 0
    expect(Number(valueOf(text, 'DCGM_FI_DEV_POWER_USAGE', gpu))).toBeLessThan(0.32 * limit)
  })

  it('renumbered: away for 20 s, then other UUIDs and young counters; the old ones after the repair', () => {
    const world = createWorld()
    const { host, text } = targetOf(world, 'renumbered')
    const apply = (on: boolean) =>
      world.faults.apply(
        changeSettings(world.faults.settings(), world.defaults, { renumbered: on }, world.factory),
      )
    apply(true)
    expect(world.faults.answer(host)).toBe('refused')
    world.run(21)
    expect(world.faults.answer(host)).toBe('normal')
    const other = world.print(host)
    expect([...uuids(other)].filter((uuid) => uuids(text).has(uuid))).toEqual([])
    const energy = 'DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION'
    expect(Number(valueOf(other, energy, 0))).toBeLessThan(Number(valueOf(text, energy, 0)) / 1000)
    apply(false)
    world.run(21)
    expect(uuids(world.print(host))).toEqual(uuids(text))
  })

  it('frozen, hung and down are how the exporter answers', () => {
    const world = createWorld({ faults: 'none,frozen,hung,down' })
    for (const [name, answer] of [
      ['frozen', 'frozen'],
      ['hung', 'hung'],
      ['down', 'refused'],
    ] as const) {
      expect(world.faults.answer(targetOf(world, name).host)).toBe(answer)
    }
  })

  it('leaves the rest of the floor as it was: same bytes with and without faults elsewhere', () => {
    const calm = createWorld()
    const faulty = createWorld({ faults: 'all' })
    calm.run(5)
    faulty.run(5)
    const touched = new Set(
      FAULT_NAMES.flatMap((name) => calm.defaults[name].targets.map((target) => target.split('/')[0])),
    )
    const hosts = calm.factory.site.hosts.flatMap((host, h) => (touched.has(host.name) ? [] : [h]))
    expect(hosts.length).toBeGreaterThan(10)
    for (const h of hosts) expect(faulty.print(h)).toBe(calm.print(h))
  })
})
