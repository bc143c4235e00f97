import { describe, expect, it } from 'vitest'
import { createWorld } from '../testing/series.ts'
import { FAULT_NAMES, FAULTS, FaultError, type FaultName } from './catalogue.ts'
import { changeSettings, parseFaultSwitches } from './settings.ts'
import { resolveTargets } from './targets.ts'

const { factory, defaults } = createWorld()
const change = (value: unknown) => changeSettings(defaults, defaults, value, factory)
const switches = (text: string) => parseFaultSwitches(text, defaults, factory)
const on = (settings: typeof defaults) => FAULT_NAMES.filter((name) => settings[name].on)

describe('defaultSettings', () => {
  it('has a target on the floor for each fault, and the same ones for the same seed', () => {
    for (const name of FAULT_NAMES) {
      expect(defaults[name].on).toBe(FAULTS[name].on)
      expect(resolveTargets(factory, name, defaults[name].targets).length).toBeGreaterThan(0)
    }
    expect(createWorld().defaults).toEqual(defaults)
  })

  it('spoils only a handful of GPUs', () => {
    const quirks: ReadonlySet<FaultName> = new Set(['hostname', 'mig-gaps', 'counter-restart'])
    const spoiling = on(defaults).filter((name) => FAULTS[name].scope !== 'factory' && !quirks.has(name))
    const gpus = new Set(
      spoiling.flatMap((name) => {
        const targets = resolveTargets(factory, name, defaults[name].targets)
        return FAULTS[name].scope === 'gpu'
          ? targets
          : targets.flatMap((h) => Array.from({ length: 8 }, (_, slot) => h * 8 + slot))
      }),
    )
    expect(gpus.size).toBeGreaterThan(6)
    expect(gpus.size).toBeLessThan(24)
  })

  it('finds targets on the smallest floors too', () => {
    for (const hosts of [1, 2, 6]) expect(() => createWorld({ hosts, faults: 'all' })).not.toThrow()
  })
})

describe('changeSettings', () => {
  it('changes what is named and keeps the rest', () => {
    const next = change({ hung: true, xid79: { on: true, targets: ['h-0003/2'] } })
    expect(next.hung).toEqual({ on: true, targets: defaults.hung.targets })
    expect(next.xid79).toEqual({ on: true, targets: ['h-0003/2'] })
    expect(next.frozen).toBe(defaults.frozen)
    expect(changeSettings(next, defaults, { xid79: { targets: null } }, factory).xid79.targets).toEqual(
      defaults.xid79.targets,
    )
  })

  it.each([
    [[], /JSON object/],
    ['frozen', /JSON object/],
    [{ frosty: true }, /no fault "frosty"\. Known: frozen, hung/],
    [{ frozen: 1 }, /"frozen": expected true, false/],
    [{ frozen: { enabled: true } }, /has no "enabled"/],
    [{ frozen: { on: 'yes' } }, /"on" to be true or false/],
    [{ frozen: { targets: 'h-0001' } }, /list of texts/],
    [{ frozen: { targets: ['h-9999'] } }, /no "h-9999" on this floor\. Hosts are h-0001 to h-0048/],
    [{ frozen: { targets: ['h-0001/2'] } }, /whole host: write "h-0001"/],
    [{ xid48: { targets: ['h-0001/8'] } }, /no "h-0001\/8"/],
    [{ xid48: { targets: ['h-0001/1/2'] } }, /no "h-0001\/1\/2"/],
    [{ 'token-leak': { targets: ['h-0001'] } }, /whole factory and has no targets, not "h-0001"/],
    [
      { 'counter-restart': { targets: ['h-0001'] } },
      /no inference server "h-0001".* NAMESPACE\/POD, for example \w/,
    ],
    [{ 'counter-restart': { targets: ['atlas-research/nothing'] } }, /no inference server/],
    [{ frozen: { targets: Array.from({ length: 5000 }, () => 'h-0001') } }, /at most 4096/],
    [{ ['__proto__x']: true }, /no fault/],
  ])('refuses %j in plain words', (value, text) => {
    expect(() => change(value)).toThrow(FaultError)
    expect(() => change(value)).toThrow(text)
  })
})

describe('parseFaultSwitches', () => {
  it('reads the words of the command line', () => {
    expect(switches('')).toEqual(defaults)
    expect(on(switches('none'))).toEqual([])
    expect(on(switches('all'))).toEqual(FAULT_NAMES)
    expect(on(switches('none,frozen,no-frozen,hung=h-0003+h-0007'))).toEqual(['hung'])
    expect(switches('hung=h-0003+h-0007').hung.targets).toEqual(['h-0003', 'h-0007'])
    expect(on(switches('no-frozen'))).not.toContain('frozen')
    expect(on(switches('none,token-leak,metering-down'))).toEqual(['token-leak', 'metering-down'])
    const [server = ''] = defaults['counter-restart'].targets
    expect(switches(`counter-restart=${server}`)['counter-restart']).toEqual({ on: true, targets: [server] })
  })

  it('refuses names and places that do not exist', () => {
    expect(() => switches('froze')).toThrow(/no fault "froze"/)
    expect(() => switches('frozen=h-1')).toThrow(/no "h-1"/)
  })
})
