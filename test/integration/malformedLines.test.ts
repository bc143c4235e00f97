import { afterEach, describe, expect, it } from 'vitest'
import { figureState } from '../../shared/model/figure.ts'
import { caseText } from '../support/cases.ts'
import { type CaseFloor, startCaseFloor } from '../support/caseFloor.ts'

let floor: CaseFloor | null = null
afterEach(async () => {
  await floor?.close()
  floor = null
})

async function floorOf(text: string) {
  floor = await startCaseFloor({ texts: [text], way: 'direct' })
  const { screen } = floor
  return {
    floor,
    screen,
    health: screen.watch('sources.health', {}),
    findings: screen.watch('fleet.findings', {}),
  }
}

describe('an exporter that writes lines which are no samples', () => {
  it('11: shows all three boards; only the series without a value is absent, and it is named', async () => {
    const { screen, health } = await floorOf(caseText('11-line-without-value.prom'))
    const frame = await screen
      .watch('fleet.frame', { fields: ['power', 'nvlink', 'smActive'] })
      .until('three boards', ({ rows, values }) => rows === 3 && (values[0]?.[2] ?? 0) > 300)
    expect(frame.states.map((states) => [...states].map(figureState))).toEqual([
      ['ok', 'ok', 'ok'],
      ['ok', 'absent', 'ok'],
      ['ok', 'ok', 'ok'],
    ])
    const { sources } = await health.until('the doubt', (item) =>
      item.sources.some(({ doubts }) => doubts.length > 0),
    )
    const source = sources.find(({ kind }) => kind === 'exporter')
    expect(source).toMatchObject({ error: null, consecutiveFailures: 0 })
    expect(source?.warnings.join()).toContain('line 6: DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL{gpu="1"')
    expect(source?.doubts).toMatchObject([
      {
        code: 'malformed-lines',
        severity: 'advisory',
        what: '1 malformed line in the answer was left out',
      },
    ])
  })

  it('11: takes back whatever else is gone, for as long as the line stays so', async () => {
    const { floor: one, screen, findings } = await floorOf(caseText('11-line-without-value.prom'))
    const frames = screen.watch('fleet.frame', { fields: ['smActive'] })
    await frames.until('three boards', ({ rows }) => rows === 3)
    const lines = caseText('11-line-without-value.prom').split('\n')
    // GPU 2 is gone, and the activity of GPU 0.
    one.say(
      0,
      lines.filter((line) => !line.includes('gpu="2"') && !/SM_ACTIVE.*gpu="0"/.test(line)).join('\n'),
    )
    const { findings: list } = await findings.until('GPU 2 is missed', (item) =>
      item.findings.some(({ kind }) => kind === 'missing'),
    )
    expect(list.filter(({ kind }) => kind === 'missing')).toMatchObject([{ where: 'h-11 · GPU 2' }])
    const detail = await screen
      .watch('fleet.gpu', { host: 'h-11', slot: 1 })
      .until('GPU 1', (item) => item !== null)
    const nvlink = detail?.unit.readings.find(({ field }) => field === 'nvlink')
    expect(nvlink).toMatchObject({ state: 'absent', why: 'not read: its line in the answer cannot be read' })
    const other = await screen
      .watch('fleet.gpu', { host: 'h-11', slot: 0 })
      .until('GPU 0', (item) => item !== null)
    expect(other?.unit.readings.find(({ field }) => field === 'smActive')).toMatchObject({ state: 'absent' })
  })

  it('35: shows all four boards, and the floor says which metric cannot be read', async () => {
    const { screen, findings } = await floorOf(caseText('35-error-text-as-value.prom'))
    await screen
      .watch('fleet.frame', { fields: ['gpuUtil'] })
      .until('four boards', ({ rows, values }) => rows === 4 && [...(values[0] ?? [])].every((v) => v === 88))
    const { findings: list } = await findings.until('the finding', (item) =>
      item.findings.some(({ kind }) => kind === 'source'),
    )
    const finding = list.find(({ kind }) => kind === 'source')
    expect(finding?.what).toContain('4 malformed lines in the answer')
    expect(finding?.by).toContain('DCGM_FI_DEV_VGPU_PER_PROCESS_UTILIZATION')
    expect(finding?.by).toContain('ERROR - FAILED TO CONVERT TO STRING')
  })

  it('is refused when its answer is cut off, and its boards keep their age', async () => {
    const whole = caseText('11-line-without-value.prom')
    const { floor: one, screen, health } = await floorOf(whole)
    await screen.watch('fleet.frame', { fields: ['power'] }).until('three boards', ({ rows }) => rows === 3)
    one.say(0, whole.slice(0, whole.lastIndexOf('{')))
    const { sources } = await health.until('the failure', (item) =>
      item.sources.some(({ error }) => error !== null),
    )
    expect(sources.find(({ error }) => error !== null)?.error).toMatchObject({ code: 'parse' })
    expect(sources.find(({ error }) => error !== null)?.error?.text).toContain('cut off')
  })
})

describe('an answer without a GPU in it', () => {
  it.each([
    ['10', caseText('10-comments-only.prom'), 'names the fields of GPUs and not one GPU'],
    [
      "of AMD's exporter",
      'amd_gpu_gfx_activity{gpu_id="0",hostname="mi-1"} 88\namd_gpu_package_power{gpu_id="0",hostname="mi-1"} 620\n',
      "this is AMD's Device Metrics Exporter, which Floorwatch does not read",
    ],
  ])('%s is a failure of its source in plain words, and the floor is not OK', async (_, text, words) => {
    const { health, findings } = await floorOf(text)
    const { sources } = await health.until('the failure', (item) =>
      item.sources.some(({ error }) => error !== null),
    )
    const failed = sources.find(({ error }) => error !== null)
    expect(failed?.error).toMatchObject({ code: 'empty' })
    expect(failed?.error?.text).toContain(words)
    await findings.until('a finding of the source', (item) =>
      item.findings.some(({ kind }) => kind === 'source'),
    )
  })
})
