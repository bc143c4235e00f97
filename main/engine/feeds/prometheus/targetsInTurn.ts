import type { SourceDoubt } from '../../../../shared/model/source.ts'
import { boardsOf, inTurnDoubts, MachinesInTurn } from '../machinesInTurn.ts'
import type { Identities, Labels } from './identities.ts'

/** Which targets of a Prometheus answer for several machines in turn: it scrapes a service, and not its exporters. */
export class TargetsInTurn {
  #byInstance = new Map<string, MachinesInTurn>()

  /** Takes who is who. @param whole the answer names every target */
  note(rows: readonly Labels[], at: number, whole: boolean): void {
    const named = Map.groupBy(rows, (row) => row.get('instance') ?? '')
    const next = new Map(whole ? [] : this.#byInstance)
    for (const [instance, ofInstance] of named) {
      const machines = this.#byInstance.get(instance) ?? new MachinesInTurn()
      machines.note(boardsOf(ofInstance.map((labels) => ({ labels }))), at)
      next.set(instance, machines)
    }
    this.#byInstance = next
  }

  /** These targets were seen to answer for another machine, and for the one before again. */
  turned(instances: Iterable<string>, at: number): void {
    for (const instance of instances) this.#byInstance.get(instance)?.turned(at)
  }

  /** Why what the answer of a target lacks is not gone, by target. */
  whys(): ReadonlyMap<string, string> {
    return new Map(
      [...this.#byInstance].flatMap(([instance, { why }]) => (why === null ? [] : [[instance, why]])),
    )
  }

  doubts(): SourceDoubt[] {
    return inTurnDoubts(
      [...this.#byInstance].flatMap(([instance, { count }]) =>
        count > 1 ? [[instance, count] as const] : [],
      ),
    )
  }
}

/** What is known of GPUs of these targets. */
export function identitiesOf(
  identities: Identities,
  instances: { has(instance: string): boolean },
): Identities {
  const byKey = new Map([...identities.byKey].filter(([, { instance }]) => instances.has(instance)))
  return { ...identities, byKey }
}
