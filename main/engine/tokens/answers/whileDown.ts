import { Refusal } from '../../session/refusal.ts'

/**
 * What the metering answers, or, where it refuses and is known to be down, what the inference servers can tell instead.
 * @throws what the metering refused with where they cannot
 */
export async function whileDown<T extends { readonly times: readonly number[] }>(
  metered: () => Promise<T>,
  served: () => T | null,
): Promise<T> {
  try {
    return await metered()
  } catch (error) {
    if (!(error instanceof Refusal) || error.failure.code !== 'failed') throw error
    const instead = orNull(served)
    if (instead === null || instead.times.length === 0) throw error
    return instead
  }
}

function orNull<T>(make: () => T | null): T | null {
  try {
    return make()
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}
