import type { SourceDoubt } from '../../../../shared/model/source.ts'
import { message } from '../../../../shared/messages/message.ts'
import { ALLOWANCES } from '../../../core/fleet/sources/budget.ts'
import type { Labels } from './identities.ts'

/** As many exporter targets are followed; a floor of 100,000 GPUs has a third of it. */
export const MOST_TARGETS = ALLOWANCES.floor.hosts.inAll

/** Different targets of one answer that are distinguished; more are only said to be as many. */
const MOST_COUNTED = 262_144

interface Known {
  has(instance: string): boolean
}

function instanceOf(row: Labels): string {
  return row.get('instance') ?? ''
}

/**
 * Stands before the rows of an answer while it is read: all of known targets come in, and those of new ones as long as
 * there are no more targets than any floor has. The labels of the others are never copied.
 */
export class TargetGate {
  readonly #known: () => Known
  readonly #most: number
  #seen = new Set<string>()

  /** @param known targets that are on the floor */
  constructor(known: () => Known, most: number = MOST_TARGETS) {
    this.#known = known
    this.#most = most
  }

  /** Opens it for one answer. */
  readonly open = (): ((row: Labels) => boolean) => {
    const seen = new Set<string>()
    const known = this.#known()
    this.#seen = seen
    return (row) => {
      const instance = instanceOf(row)
      if (seen.size < MOST_COUNTED) seen.add(instance)
      return seen.size <= this.#most || known.has(instance)
    }
  }

  /** Targets of the last answer where they were too many; else 0. Forgets their names. */
  takeCrowd(): number {
    const { size } = this.#seen
    this.#seen = new Set()
    return size > this.#most ? size : 0
  }
}

/**
 * The rows whose targets may be learnt: all of them, or those of targets that are known already where there are more
 * than any floor has. Each target costs memory and time before its names are even looked at.
 * @param crowd how many targets the gate counted, where they were too many
 */
export function admittedRows(
  rows: readonly Labels[],
  known: Known,
  crowd = 0,
  most: number = MOST_TARGETS,
): { readonly rows: readonly Labels[]; readonly refused: number } {
  const targets = Math.max(crowd, new Set(rows.map(instanceOf)).size)
  if (targets <= most) return { rows, refused: 0 }
  const admitted = rows.filter((row) => known.has(instanceOf(row)))
  return { rows: admitted, refused: targets - new Set(admitted.map(instanceOf)).size }
}

export function refusedTargetsDoubts(refused: number): SourceDoubt[] {
  if (refused === 0) return []
  return [
    {
      code: 'targets',
      severity: 'advisory',
      what: message('doubt.targets'),
      by: message('doubt.targets.by', { refused, most: MOST_TARGETS }),
      nextStep: message('doubt.targets.next'),
    },
  ]
}
