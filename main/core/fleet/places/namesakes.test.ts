import { describe, expect, it } from 'vitest'
import { fleetWith, gpuLabels, type Sample, scraper, SECOND, START } from '../testkit.ts'

/** Two boards of a machine, as they come through something between it and this console. */
function machine(host: string, serial: string, more: Record<string, string>, slots = [0, 1]): Sample[] {
  return slots.flatMap((slot) =>
    (['power', 'smActive'] as const).map(
      (id): Sample => [
        id,
        { ...gpuLabels(host, slot), UUID: `GPU-${serial}-${slot}`, ...more },
        id === 'power' ? 400 : 0.8,
      ],
    ),
  )
}

function hostsOf(answers: readonly (readonly Sample[])[]) {
  const fleet = fleetWith()
  const source = scraper(fleet, 'otel:8889')
  answers.forEach((answer, i) => {
    source.answer(answer, START + i * SECOND)
    fleet.evaluate(START + i * SECOND)
  })
  const { gpus, hosts } = fleet.topology()
  return {
    fleet,
    hosts: hosts.map(({ name }) => name),
    gpus: gpus.host.length,
    watts: fleet.power().watts,
    doubts: fleet.doubts('otel:8889').map(({ code }) => code),
    events: fleet.events().map(({ text }) => text),
  }
}

const EAST = { instance: '10.0.0.1:9400', cluster: 'east' }
const WEST = { instance: '10.0.0.1:9400', cluster: 'west' }

describe('machines that one answer gives the same name', () => {
  it('of two clusters are two machines, and the label that distinguishes them is said', () => {
    const both = [...machine('gpu-01', 'a', EAST), ...machine('gpu-01', 'b', WEST)]
    const { hosts, gpus, watts, doubts, events } = hostsOf([both, both])
    expect(hosts).toEqual(['gpu-01', 'gpu-01 (west)'])
    expect([gpus, watts]).toEqual([4, 1600])
    expect(doubts).toEqual(['namesakes'])
    expect(events).toEqual([])
  })

  it('stay apart while an answer shows one of them alone, and the first known keeps the name', () => {
    const west = machine('gpu-01', 'b', WEST)
    const east = machine('gpu-01', 'a', EAST)
    const { hosts, gpus } = hostsOf([west, [...west, ...east], east, [...east, ...west]])
    expect(hosts).toEqual(['gpu-01', 'gpu-01 (east)'])
    expect(gpus).toBe(4)
  })

  it('and call themselves localhost behind a federated Prometheus go by their own addresses', () => {
    const answer = [0, 1, 2].flatMap((i) =>
      machine('localhost', `m${i}`, { instance: 'prometheus:9090', exported_instance: `10.0.0.${i}:9400` }),
    )
    const { hosts, gpus, doubts } = hostsOf([answer])
    expect(hosts).toEqual(['10.0.0.0', '10.0.0.1', '10.0.0.2'])
    expect(gpus).toBe(6)
    expect(doubts).toEqual(['wrong-host-name'])
  })

  it('are named by the address where that alone differs', () => {
    const answer = ['10.0.0.1:9400', '10.0.0.2:9400'].flatMap((instance, i) =>
      machine('ubuntu', `m${i}`, { instance }),
    )
    expect(hostsOf([answer]).hosts).toEqual(['ubuntu', 'ubuntu (10.0.0.2:9400)'])
  })

  it('are a doubt of the source where nothing distinguishes them', () => {
    const { gpus, doubts } = hostsOf([[...machine('gpu-01', 'a', {}), ...machine('gpu-01', 'b', {})]])
    expect(gpus).toBe(2)
    expect(doubts).toEqual(['one-slot'])
  })

  it('are one machine where its boards differ in slot alone', () => {
    const answer = [
      ...machine('gpu-01', 'a', { instance: '10.0.0.1:9400' }),
      ...machine('gpu-01', 'b', { instance: '10.0.0.1:9401' }, [2, 3]),
    ]
    const { hosts, gpus, doubts } = hostsOf([answer])
    expect(hosts).toEqual(['gpu-01'])
    expect([gpus, doubts]).toEqual([4, []])
  })
})
