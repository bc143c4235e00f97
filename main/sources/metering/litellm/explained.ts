import { MeteringRefusal } from '../transport/refusal.ts'

const NEXT_STEPS: ReadonlyMap<number, string> = new Map([
  [401, 'Use the key of a proxy admin or of an admin viewer as `bearer` under metering: in floorwatch.yaml.'],
  [403, 'Use the key of a proxy admin or of an admin viewer: other keys see their own usage only.'],
])

/** A refusal with what to do about it at LiteLLM, where that is more than any server's. */
export async function explained<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (!(error instanceof MeteringRefusal)) throw error
    const nextStep = NEXT_STEPS.get(error.status)
    throw nextStep === undefined
      ? error
      : new MeteringRefusal({ ...error.failure, nextStep }, error.status, null)
  }
}
