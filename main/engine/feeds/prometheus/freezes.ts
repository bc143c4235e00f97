import type { LiveFleet } from '../../../core/fleet/types.ts'
import { type Answered, frozenQuery, type Vector } from '../../../sources/prometheus/index.ts'
import { hostsOf, type Identities } from './identities.ts'

/** Exporter targets whose figures stand still although they answer, by `instance`. */
export async function askFrozen(
  ask: (promql: string) => Promise<Answered<Vector>>,
  matchers: string,
  windowMs: number,
): Promise<string[]> {
  const { value } = await ask(frozenQuery(matchers, windowMs))
  return value.series.map(({ labels }) => labels.get('instance') ?? '')
}

/** Tells the fleet which hosts Prometheus finds frozen, and takes it back when they move again. */
export class Freezes {
  readonly #fleet: LiveFleet
  /** Since when, by host, ms of the local wall clock. */
  #since = new Map<string, number>()

  constructor(fleet: LiveFleet) {
    this.#fleet = fleet
  }

  /** @param since figures have not changed at least since then, ms */
  update(instances: readonly string[], identities: Identities, since: number): void {
    const frozen = new Map<string, number>()
    for (const instance of instances) {
      for (const host of hostsOf(identities, instance)) frozen.set(host, this.#since.get(host) ?? since)
    }
    for (const host of this.#since.keys()) if (!frozen.has(host)) this.#fleet.suspectFrozen(host, null)
    for (const [host, at] of frozen) this.#fleet.suspectFrozen(host, at)
    this.#since = frozen
  }

  /** The other way judges for itself. */
  clear(): void {
    for (const host of this.#since.keys()) this.#fleet.suspectFrozen(host, null)
    this.#since.clear()
  }
}
