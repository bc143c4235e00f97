import type { PrometheusOptions } from '../../config/types.ts'
import type { Clock } from '../../platform/clock.ts'
import { SourceFailure } from '../../platform/failure.ts'
import { openPrometheus } from '../site/prometheusAccess.ts'

/** A sentence on who answers at the address of Prometheus. Never throws for anything that the server does. */
export async function identifyPrometheus(prometheus: PrometheusOptions, clock: Clock): Promise<string> {
  const { client, close } = openPrometheus(prometheus, clock, 1)
  try {
    return `It is ${(await client.buildInfo()).value.title}.`
  } catch (error) {
    if (!(error instanceof SourceFailure)) throw error
    // Old and unusual back ends have no buildinfo; whether the floor can be seen is told by its queries.
    return `It does not tell what it is: ${error.message}`
  } finally {
    await close()
  }
}
