import { afterEach, describe, expect, it } from 'vitest'
import { usersOf, usersText } from '../../shared/model/users.ts'
import { caseText } from '../support/cases.ts'
import { type CaseFloor, startCaseFloor } from '../support/caseFloor.ts'
import { requirement } from '../support/peers.ts'

const prometheus = requirement('prometheus')
let floor: CaseFloor | null = null
afterEach(async () => {
  await floor?.close()
  floor = null
})

describe('one GPU that three pods share', () => {
  it.for(['direct', 'prometheus'] as const)(
    '04: has the memory of all of them and its own power once (%s)',
    { timeout: 60_000 },
    async (way, { skip }) => {
      skip(way === 'prometheus' && !prometheus.present, prometheus.reason)
      const texts = [caseText('04-shared-gpu-per-pod.prom')]
      floor = await startCaseFloor({ texts, way, until: ['DCGM_FI_DEV_POWER_USAGE', 3] })
      const { screen } = floor
      const frame = await screen
        .watch('fleet.frame', { fields: ['fbUsed', 'gpuUtil', 'power'] })
        .until('all figures', ({ values }) => (values[0]?.[0] ?? 0) > 0 && (values[2]?.[0] ?? 0) > 0, 20_000)
      expect([frame.rows, frame.values[0]?.[0], frame.values[1]?.[0]]).toEqual([1, 46_440, 89])
      expect(frame.values[2]?.[0]).toBeCloseTo(512, 0)
      const gpu = await screen
        .watch('fleet.gpu', { host: 'h-04', slot: 0 })
        .until('all three pods', (detail) => detail?.workloads.length === 3)
      expect(
        gpu?.workloads.map(({ namespace, pod, own }) => [namespace, pod, ...own.map(({ value }) => value)]),
      ).toEqual([
        ['ml', 'chat-7f9c', 41_210, 71],
        ['ml', 'embed-0', 5230, 18],
        ['ml', 'idle-notebook', 0, 0],
      ])
      const topology = await screen
        .watch('fleet.topology', {})
        .until('all three pods', ({ sharing }) => sharing.gpu.length === 2)
      expect(usersText(usersOf(topology, 0), 2)).toBe('3 pods: chat-7f9c, embed-0 and 1 more')
      // A pod that leaves takes its share with it and nothing else.
      const left = texts.map((text) =>
        text
          .split('\n')
          .filter((line) => !line.includes('embed-0'))
          .join('\n'),
      )
      floor.say(0, left[0] ?? '')
      const after = screen.watch('fleet.frame', { fields: ['fbUsed', 'gpuUtil', 'power'] })
      await after.until(
        'two pods',
        ({ values }) => values[0]?.[0] === 41_210 && values[1]?.[0] === 71,
        20_000,
      )
      await screen
        .watch('fleet.gpu', { host: 'h-04', slot: 0 })
        .until('two pods by name', (detail) => detail?.workloads.length === 2, 20_000)
    },
  )

  it.for(['direct', 'prometheus'] as const)(
    'names jobs of a batch system that share it (%s)',
    { timeout: 60_000 },
    async (way, { skip }) => {
      skip(way === 'prometheus' && !prometheus.present, prometheus.reason)
      const line = (name: string, job: number, value: number): string =>
        `${name}{gpu="0",UUID="GPU-00000000-0000-4000-8000-000000000901",modelName="NVIDIA H100 80GB HBM3",Hostname="h-9",hpc_job="${job}"} ${value}`
      const names = ['DCGM_FI_DEV_POWER_USAGE', 'DCGM_FI_DEV_FB_USED', 'DCGM_FI_DEV_GPU_UTIL']
      const text = `${names.flatMap((name) => [81, 82].map((job) => line(name, job, 90))).join('\n')}\n`
      floor = await startCaseFloor({ texts: [text], way, until: ['DCGM_FI_DEV_POWER_USAGE', 2] })
      const gpu = await floor.screen
        .watch('fleet.gpu', { host: 'h-9', slot: 0 })
        .until('both jobs', (detail) => detail?.workloads.length === 2, 20_000)
      expect(gpu?.workloads.map(({ pod, own }) => [pod, own])).toEqual([
        ['81', []],
        ['82', []],
      ])
      const used = gpu?.unit.readings.find(({ field }) => field === 'fbUsed')
      expect([used?.value, used?.state]).toEqual([90, 'ok'])
    },
  )
})
