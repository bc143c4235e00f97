import { describe, expect, it } from 'vitest'
import type { FieldId } from '../../../../shared/model/field.ts'
import { fleetWith, gpu, inventoryOf, rowOf, scraper, SECOND, START } from '../testkit.ts'
import type { FleetOptions } from '../types.ts'
import { plainly } from '../../../../test/support/plainly.ts'
import { textOf } from '../../../../shared/messages/format.ts'
import { GERMAN } from '../../../../test/support/german.ts'

/** One GPU that is told its figures, evaluated after each answer. */
function board(options: Partial<FleetOptions> = {}) {
  const fleet = fleetWith(options)
  const exporter = scraper(fleet, 'a')
  let s = 0
  return {
    fleet,
    say: (figures: Partial<Record<FieldId, number>>) => {
      s += 5
      exporter.answer(gpu('h-1', 0, { energy: 1e9 + s, ...figures }), START + s * SECOND)
      fleet.evaluate(START + s * SECOND)
      return rowOf(fleet, 'h-1', 0)
    },
  }
}

describe('limits', () => {
  it('enter at the limit and leave 2 °C below it after two good evaluations', () => {
    const { say } = board()
    expect(say({ gpuTemp: 83.9 }).conditions).toEqual([])
    expect(say({ gpuTemp: 84 }).conditions).toEqual(['hot'])
    expect(say({ gpuTemp: 82 }).conditions).toEqual(['hot'])
    expect(say({ gpuTemp: 81.9 }).conditions).toEqual(['hot'])
    expect(say({ gpuTemp: 83 }).conditions).toEqual(['hot'])
    expect(say({ gpuTemp: 81.9 }).conditions).toEqual(['hot'])
    expect(say({ gpuTemp: 81 }).conditions).toEqual([])
  })

  it('step from advisory to critical and back with the same care', () => {
    const { say, fleet } = board()
    expect(say({ gpuTemp: 85 }).severity).toBe(1)
    expect(say({ gpuTemp: 91 }).severity).toBe(2)
    const [finding] = plainly(fleet.findings().findings)
    expect(finding).toMatchObject({ kind: 'hot', where: 'h-1 · GPU 0', severity: 'critical' })
    expect(finding?.by?.replaceAll('\u2009', ' ')).toBe('91 °C, limit 90 °C')
    expect(say({ gpuTemp: 89 }).severity).toBe(2)
    expect(say({ gpuTemp: 87 }).severity).toBe(2)
    expect(say({ gpuTemp: 87 }).severity).toBe(1)
  })

  it('come from configuration, for any field, also as lower limits', () => {
    const { say, fleet } = board({
      limits: { power: { advisory: 600, critical: 680 }, smClock: { advisory: 900, critical: 500 } },
    })
    expect(say({ power: 610, smClock: 1500 }).conditions).toEqual(['overLimit'])
    expect(plainly(fleet.findings().findings).map(({ kind }) => kind)).toEqual(['power'])
    say({ power: 583, smClock: 1500 })
    expect(say({ power: 583, smClock: 1500 }).conditions).toEqual(['overLimit'])
    say({ power: 581, smClock: 1500 })
    expect(say({ power: 581, smClock: 1500 }).conditions).toEqual([])
    expect(say({ power: 300, smClock: 450 }).severity).toBe(2)
    expect(plainly(fleet.findings().findings).map(({ id }) => id)).toEqual(['limit/h-1/0/smClock'])
  })

  it('below the advisory one mean too low, and say so; a measured zero is below them, an absent figure is not', () => {
    const { say, fleet } = board({ limits: { smActive: { advisory: 0.2, critical: 0.1 } } })
    expect(say({ smActive: 0.5 }).conditions).toEqual([])
    expect(say({ smActive: 0.15 })).toMatchObject({ conditions: ['overLimit'], severity: 1 })
    expect(say({ smActive: 0 })).toMatchObject({ conditions: ['overLimit'], severity: 2 })
    const [finding] = plainly(fleet.findings().findings)
    expect(finding).toMatchObject({
      what: expect.stringMatching(/ below its limit$/),
      by: expect.stringMatching(/^0.* limit 10/),
    })
    say({ smActive: 0.5 })
    expect(say({ smActive: 0.5 }).conditions).toEqual([])
    const silent = board({ limits: { smActive: { advisory: 0.2, critical: 0.1 } } })
    expect(silent.say({ power: 300 }).conditions).toEqual([])
  })

  it('do not clear because the source falls silent', () => {
    const { say, fleet } = board()
    say({ gpuTemp: 95 })
    for (let s = 10; s < 300; s += 5) fleet.evaluate(START + s * SECOND)
    expect(rowOf(fleet, 'h-1', 0)).toMatchObject({
      state: 'stale',
      conditions: ['stale', 'hot'],
      severity: 2,
    })
  })
})

describe('clock events', () => {
  it('count on a busy GPU only', () => {
    const { say } = board()
    expect(say({ clockEvents: 0x20, smActive: 0.02 }).conditions).toEqual([])
    expect(say({ clockEvents: 0x20, smActive: 0.8 })).toMatchObject({ conditions: ['thermal'], severity: 1 })
    expect(say({ clockEvents: 0x40, smActive: 0.8 })).toMatchObject({ conditions: ['thermal'], severity: 2 })
    expect(say({ clockEvents: 0x88, smActive: 0.8 }).conditions).toContain('slowdown')
  })

  it('take the software power cap as normal under load', () => {
    expect(board().say({ clockEvents: 0x4, smActive: 0.99 }).conditions).toEqual([])
  })
})

it('tells old double-bit errors from new ones', () => {
  const { say } = board()
  expect(say({ eccDbe: 0 }).conditions).toEqual([])
  expect(say({ eccDbe: 1 })).toMatchObject({ conditions: ['ecc'], severity: 2 })
  expect(board().say({ eccDbe: 3 })).toMatchObject({ conditions: ['ecc'], severity: 1 })
})

it('quotes no count of errors in the moment after a reset', () => {
  const { say, fleet } = board()
  say({ eccDbe: 1 })
  expect(plainly(fleet.findings().findings)[0]?.by).toBe('1 since the last reset')
  say({ eccDbe: 0 })
  expect(plainly(fleet.findings().findings)).toMatchObject([{ kind: 'ecc', by: null }])
})

it('calls a failed row remap critical', () => {
  expect(board().say({ remapFailure: 1 })).toMatchObject({ conditions: ['remapFailed'], severity: 2 })
})

it('sees a communication deadlock: GPU_UTIL 100 at almost no power, for longer than a moment', () => {
  const { say } = board()
  const stuck = { gpuUtil: 100, power: 113, tensorActive: 0 }
  expect(say(stuck).conditions).toEqual([])
  for (let i = 0; i < 5; i++) say(stuck)
  expect(say(stuck).conditions).toEqual(['busyButIdle'])
  say({ ...stuck, power: 400 })
  expect(say({ ...stuck, power: 400 }).conditions).toEqual([])
  for (let i = 0; i < 10; i++) expect(say({ ...stuck, tensorActive: 0.3 }).conditions).toEqual([])
  // The collective's own kernel polls on a few SMs.
  for (let i = 0; i < 10; i++) say({ ...stuck, smActive: 0.11 })
  expect(say({ ...stuck, smActive: 0.11 }).conditions).toEqual(['busyButIdle'])
  for (let i = 0; i < 10; i++) say({ ...stuck, smActive: 0.6 })
  expect(say({ ...stuck, smActive: 0.6 }).conditions).toEqual([])
})

const listed = (type: string) => board({ inventory: inventoryOf({ 'h-1': 1 }, type) }).say({ power: 1 })

it('compares the type with the inventory', () => {
  expect(listed('H100').conditions).toEqual([])
  expect(listed('A100')).toMatchObject({ conditions: ['typeMismatch'], severity: 1 })
})

describe('the abnormal list', () => {
  it('makes one finding of what hits the whole host, single ones otherwise; worst first, then oldest', () => {
    const fleet = fleetWith()
    const exporter = scraper(fleet, 'a')
    const two = scraper(fleet, 'b')
    exporter.answer(
      [0, 1].flatMap((slot) => gpu('h-1', slot, { gpuTemp: 86 })),
      START,
    )
    fleet.evaluate(START)
    two.answer(
      [
        ...gpu('h-2', 0, { gpuTemp: 86 }),
        ...gpu('h-2', 1, { gpuTemp: 95 }),
        ...gpu('h-2', 2, { gpuTemp: 40 }),
      ],
      START,
    )
    fleet.evaluate(START + SECOND)
    const { findings, total } = fleet.findings()
    expect(findings.map(({ id, gpus, severity }) => [id, gpus, severity])).toEqual([
      ['hot/h-2/1', 1, 'critical'],
      ['hot/h-1', 2, 'advisory'],
      ['hot/h-2/0', 1, 'advisory'],
    ])
    expect(total).toBe(3)
    expect(fleet.abnormal()).toEqual({ critical: 1, advisory: 2 })
    expect(findings[1]?.rows).toEqual([0, 1])
    expect(fleet.gpu('h-2', 1)?.findings.map(({ id }) => id)).toEqual(['hot/h-2/1'])
    expect(fleet.host('h-1')).toMatchObject({ rows: [0, 1], present: 2, expected: null })
  })

  it('is bounded, and counts what it leaves out', () => {
    const fleet = fleetWith({
      inventory: inventoryOf(Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`h-${i}`, 8]))),
    })
    fleet.callRoll(START)
    fleet.evaluate(START)
    fleet.evaluate(START + 31 * SECOND)
    const { findings, total } = fleet.findings()
    expect([findings.length, total]).toEqual([500, 600])
    expect(fleet.abnormal().critical).toBe(600)
  })

  it('keeps the date of a finding while it lasts', () => {
    const { say, fleet } = board()
    say({ gpuTemp: 86 })
    const since = plainly(fleet.findings().findings)[0]?.since
    say({ gpuTemp: 87 })
    say({ gpuTemp: 88 })
    expect(plainly(fleet.findings().findings)[0]?.since).toBe(since)
  })
})

it('reads in the language of whoever shows it, numbers included', () => {
  const { say, fleet } = board()
  say({ eccDbe: 1200 })
  const [finding] = fleet.findings().findings
  const shown = [finding?.what, finding?.by, finding?.nextStep].map((text) => text && textOf(text, GERMAN))
  expect(shown).toEqual([
    'Doppelbit-ECC-Fehler',
    '1.200 seit dem letzten Reset',
    'Host leeren und die GPU zurücksetzen.',
  ])
})
