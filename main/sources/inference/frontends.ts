import type { ServerSample } from '../../core/tokens/types.ts'
import type { PlannedSample } from './plan.ts'

/**
 * A frontend counts what its servers serve. Where servers of a model count tokens themselves, its frontends are left
 * out of that model, and stay out: a server that is silent for a while is not to be counted from elsewhere meanwhile.
 */
export class Frontends {
  readonly #served = new Set<string>()

  /** Takes a whole round. `warning` is '' where no frontend was left out. */
  without(planned: readonly PlannedSample[]): { samples: ServerSample[]; warning: string } {
    for (const { tier, sample } of planned) {
      if (tier === 'server' && countsTokens(sample)) this.#served.add(modelKey(sample))
    }
    const left = new Set<string>()
    const samples: ServerSample[] = []
    for (const { tier, sample } of planned) {
      if (tier === 'frontend' && this.#isServed(sample)) left.add(sample.server.model || sample.server.id)
      else samples.push(sample)
    }
    const names = [...left].slice(0, 5).join(', ')
    return {
      samples,
      warning:
        left.size === 0
          ? ''
          : `Frontends count what servers count too (${names}${left.size > 5 ? ', …' : ''}): the servers' figures are taken.`,
    }
  }

  /** A router that shows its servers' queues and names no model of them shows those of all. */
  #isServed(sample: ServerSample): boolean {
    return sample.server.model === '' ? this.#served.size > 0 : this.#served.has(modelKey(sample))
  }
}

function countsTokens({ counters }: ServerSample): boolean {
  return counters.input !== null || counters.output !== null
}

/** Dynamo's frontend writes names of models in lower case. */
function modelKey({ server }: ServerSample): string {
  return server.model.toLowerCase()
}
