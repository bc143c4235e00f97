import { textOf } from '../../../shared/messages/format.ts'
import { conditionWords } from '../../../shared/model/conditionWords.ts'
import { figureState, type FigureState, PRESENCE, SEVERITIES } from '../../../shared/model/figure.ts'
import type { Finding } from '../../../shared/model/finding.ts'
import { conditionsOf, type FleetFrame } from '../../../shared/model/frame.ts'
import type { Topology } from '../../../shared/model/topology.ts'
import { xidMeaning } from '../../../shared/model/xid.ts'
import { say } from '../../../shared/messages/format.ts'
import { columnOf, isKnown } from './columns.ts'

/** A GPU's state as the filter's buttons have it. */
export const STATE_WORDS: Readonly<Record<FigureState, string>> = {
  ok: say('floor.state.ok'),
  zero: say('floor.state.zero'),
  stale: say('floor.state.stale'),
  absent: say('floor.state.absent'),
  implausible: say('floor.state.implausible'),
}

/**
 * The words of a query, in lower case. A kind and its number are one word, `xid 79` and `gpu 3`, so that neither is
 * found in the digits of a name.
 */
export function wordsOf(query: string): string[] {
  return query
    .toLowerCase()
    .replaceAll(/\b(xid|gpu)\s+(\d+)\b/g, '$1$2 ')
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => (/^(?:xid|gpu)\d+$/.test(word) ? `${word} ` : word))
}

/** Whether a row holds a word: in what it is, which holds for a version of the topology, or in how it is now. */
export function rowText(
  topology: Topology,
  frame: FleetFrame | null,
  findings: readonly Finding[],
): (row: number, word: string) => boolean {
  const still = textOfRows(topology)
  const told = findingTexts(topology, findings)
  const present = frame === null ? () => '' : presentText(frame)
  return (row, word) =>
    (still[row] ?? '').includes(word) ||
    present(row).includes(word) ||
    (told.get(row)?.includes(word) ?? false)
}

/**
 * State, severity, roll-call, conditions and XID of a row in words. Rows that are alike share a text: a floor of 100,000
 * has a few dozen of them.
 */
function presentText(frame: FleetFrame): (row: number) => string {
  const known = new Map<string, string>()
  const xids = columnOf(frame, 'xid')
  return (row) => {
    const state = frame.state[row] ?? 0
    const severity = frame.severity[row] ?? 0
    const presence = frame.presence[row] ?? 0
    const conditions = frame.conditions[row] ?? 0
    const xid = xids !== null && isKnown(xids.states[row]) ? (xids.values[row] as number) : 0
    const key = `${state}/${severity}/${presence}/${conditions}/${xid}`
    let text = known.get(key)
    if (text === undefined) {
      const words = [
        STATE_WORDS[figureState(state)],
        SEVERITIES[severity] ?? '',
        presence === PRESENCE.missing ? say('gpu.presence.missing') : '',
        ...conditionsOf(conditions).map(conditionWords),
        xid > 0 ? `xid xid${xid} ${xid} ${textOf(xidMeaning(xid).name)}` : '',
      ]
      text = `${words.join(' ')} `.toLowerCase()
      known.set(key, text)
    }
    return text
  }
}

const told = new WeakMap<readonly Finding[], { of: Topology; texts: ReadonlyMap<number, string> }>()

/** What the findings say of each board; of an instance it is said of its board. */
function findingTexts(topology: Topology, findings: readonly Finding[]): ReadonlyMap<number, string> {
  const known = told.get(findings)
  if (known?.of === topology) return known.texts
  const texts = new Map<number, string>()
  const boards = topology.gpus.host.length
  for (const { rows, what, by, nextStep } of findings) {
    const words = [what, ...(by === null ? [] : [by]), nextStep].map((each) => textOf(each)).join(' ')
    const text = `${words} `.toLowerCase().replaceAll(/\bxid (\d+)/g, 'xid $1 xid$1 ')
    for (const row of rows) {
      const board = topology.instances.gpu[row - boards] ?? row
      texts.set(board, `${texts.get(board) ?? ''}${text}`)
    }
  }
  told.set(findings, { of: topology, texts })
  return texts
}

const texts = new WeakMap<Topology, readonly string[]>()

/**
 * What the search reads of a row, in lower case. Built once per topology: 100,000 rows cost 50 ms then and a plain
 * `includes` at every key stroke.
 */
function textOfRows(topology: Topology): readonly string[] {
  let list = texts.get(topology)
  if (list === undefined) {
    list = buildTexts(topology)
    texts.set(topology, list)
  }
  return list
}

function buildTexts(topology: Topology): string[] {
  const { gpus, descriptions, sharing, instances } = topology
  const workloads = topology.workloads.map(
    ({ namespace, pod, container }) => `${namespace} ${pod} ${container}`,
  )
  const types = topology.types
  const hosts = topology.hosts.map(({ name, rack: index }) => {
    const rack = topology.racks[index]
    return `${name} ${rack?.name ?? ''} ${topology.floors[rack?.floor ?? -1]?.name ?? ''}`
  })
  const texts = gpus.host.map((host, row) => {
    const slot = gpus.slot[row] ?? 0
    const workload = workloads[gpus.workload[row] ?? -1] ?? ''
    const type = types[gpus.type[row] ?? -1] ?? ''
    return `${hosts[host] ?? ''} gpu ${slot} gpu${slot} ${type} ${gpus.uuid[row] ?? ''} ${descriptions[gpus.description[row] ?? -1] ?? ''} ${workload} `.toLowerCase()
  })
  sharing.gpu.forEach((gpu, index) => {
    texts[gpu] = `${texts[gpu] ?? ''} ${workloads[sharing.workload[index] ?? -1] ?? ''}`.toLowerCase()
  })
  instances.gpu.forEach((gpu, index) => {
    const workload = workloads[instances.workload[index] ?? -1] ?? ''
    texts[gpu] =
      `${texts[gpu] ?? ''} mig ${instances.profile[index] ?? ''} #${instances.id[index] ?? ''} ${workload} `.toLowerCase()
  })
  return texts
}
