import type { LiveFleet } from '../../../core/fleet/types.ts'
import { type Answered, frozenQuery, STRANGER, type Vector } from '../../../sources/prometheus/index.ts'
import { sourceOf } from './sourceName.ts'

/** Exporter targets whose figures stand still although they answer, by `instance`. */
export async function askFrozen(
  ask: (promql: string) => Promise<Answered<Vector>>,
  matchers: string,
  windowMs: number,
): Promise<string[]> {
  const { value } = await ask(frozenQuery(matchers, windowMs))
  return value.series.flatMap((one) => (one === STRANGER ? [] : [one.labels.get('instance') ?? '']))
}

/** Tells the fleet which exporter targets Prometheus finds frozen, and takes it back when they move again. */
export class Freezes {
  readonly #fleet: LiveFleet
  /** Since when, by instance, ms of the local wall clock. */
  #since = new Map<string, number>()

  constructor(fleet: LiveFleet) {
    this.#fleet = fleet
  }

  /** @param since figures have not changed at least since then, ms */
  update(instances: readonly string[], since: number): void {
    const frozen = new Map(instances.map((instance) => [instance, this.#since.get(instance) ?? since]))
    for (const instance of this.#since.keys()) if (!frozen.has(instance)) this.#suspect(instance, null)
    for (const [instance, at] of frozen) this.#suspect(instance, at)
    this.#since = frozen
  }

  /** The other way judges for itself. */
  clear(): void {
    for (const instance of this.#since.keys()) this.#suspect(instance, null)
    this.#since.clear()
  }

  #suspect(instance: string, since: number | null): void {
    this.#fleet.suspectFrozen(sourceOf(instance), since)
  }
}
