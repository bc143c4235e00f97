import type { SourceDoubt } from '../../../shared/model/source.ts'
import { message } from '../../../shared/messages/message.ts'

/** Machines that are remembered of one address, and boards of each of them; more are made up. */
const MOST_MACHINES = 64
const MOST_BOARDS = 128
/** An address is not believed to be one machine's again until it was one for so long, ms. */
const REMEMBERED_MS = 3_600_000
/** So many answers of one machine in a row, and the ones before are no turns. */
const SETTLED_AFTER = 8

/**
 * Which machine an address answers for, told by the boards that it names. Behind the address of a Kubernetes service or
 * of a load balancer stand many exporters, and each answer is of another one: then nothing that an answer lacks is gone.
 */
export class MachinesInTurn {
  #machines: Set<string>[] = []
  #current: Set<string> | null = null
  /** Answers of the current machine in a row. */
  #answers = 0
  /** Machines in a row that were not known before. */
  #strangers = 0
  #turnedAt = Number.NEGATIVE_INFINITY
  /** Turns to a machine that no look at who is who has met. */
  #unseenTurns = 0
  #at = Number.NEGATIVE_INFINITY

  /** @param uuids of the boards that an answer names; one that names none says nothing of its machine */
  note(uuids: ReadonlySet<string>, at: number): void {
    this.#at = at
    if (uuids.size === 0) return
    const known = this.#machines.find((machine) => [...uuids].some((uuid) => machine.has(uuid)))
    if (known !== undefined && known === this.#current) {
      remember(known, uuids)
      if (++this.#answers >= SETTLED_AFTER) this.#strangers = 0
      return
    }
    if (this.#current !== null) {
      this.#strangers += known === undefined ? 1 : 0
      // One machine may take the address of another; one that comes back, or a second one, takes turns with it.
      if (known !== undefined || this.#strangers > 1) this.#turnedAt = at
    }
    const machine = known ?? new Set<string>()
    remember(machine, uuids)
    if (known === undefined) this.#machines = [machine, ...this.#machines].slice(0, MOST_MACHINES)
    this.#current = machine
    this.#answers = 1
  }

  /** Its machine came back after another had been answered in its place: seen between two looks at who is who. */
  turned(at: number): void {
    this.#at = Math.max(at, this.#at)
    this.#unseenTurns = at - this.#turnedAt <= REMEMBERED_MS ? this.#unseenTurns + 1 : 1
    this.#turnedAt = at
  }

  /** How many machines are known to stand behind the address, at the least; 1 where they take no turns. */
  get count(): number {
    if (this.#at - this.#turnedAt > REMEMBERED_MS) return 1
    return Math.max(this.#machines.length, this.#unseenTurns > 1 ? 2 : 1)
  }

  /** Why what an answer lacks is not gone, in a few words; null where it is. */
  get why(): string | null {
    if (this.count > 1) return 'its address answers for several machines in turn'
    const isFirst = this.#machines.length <= 1
    return isFirst || this.#answers > 1 ? null : 'its address answers for other GPUs than before'
  }
}

function remember(machine: Set<string>, uuids: ReadonlySet<string>): void {
  for (const uuid of uuids) {
    if (machine.size >= MOST_BOARDS) return
    machine.add(uuid)
  }
}

/** The boards that series name, by their UUIDs; none where they are more than any machine has, as behind a gateway. */
export function boardsOf(series: Iterable<{ readonly labels: ReadonlyMap<string, string> }>): Set<string> {
  const uuids = new Set<string>()
  for (const { labels } of series) {
    const uuid = labels.get('UUID') ?? labels.get('gpu_uuid') ?? labels.get('uuid') ?? ''
    if (uuid !== '') uuids.add(uuid)
    if (uuids.size > MOST_BOARDS) return new Set()
  }
  return uuids
}

/** @param addresses that answer for several machines, with how many were seen behind each */
export function inTurnDoubts(
  addresses: readonly (readonly [address: string, machines: number])[],
): SourceDoubt[] {
  const [first] = addresses
  if (first === undefined) return []
  const [instance, machines] = first
  const more = addresses.length - 1
  return [
    {
      code: 'in-turn',
      severity: 'advisory',
      what: message('doubt.inTurn'),
      by:
        more > 0
          ? message('doubt.inTurn.by.more', { instance, machines, more })
          : message('doubt.inTurn.by', { instance, machines }),
      nextStep: message('doubt.inTurn.next'),
    },
  ]
}
