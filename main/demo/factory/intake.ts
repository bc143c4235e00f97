/**
 * What the serving deployments are asked for and what becomes of it: one entry per deployment, in the order of
 * `Placement.deployments`; training has zeros. Gateways in front of the factory write `admitted` and `extra`, the
 * factory writes the rest at every step.
 */
export interface Intake {
  /** Part of what is asked that the gateways let through, 0–1. */
  readonly admitted: Float64Array
  /** Asked beyond what the day's rhythm brings, tokens per second, already admitted. */
  readonly extra: Float64Array
  /** Tokens per second that the rhythm and its bursts ask for, before admission. */
  readonly asked: Float64Array
  /** Admitted tokens that wait for a server. */
  readonly queued: Float64Array
  /** Served tokens per second in relation to the capacity that the servers have now, 0–1. */
  readonly load: Float64Array
}

export function createIntake(deployments: number): Intake {
  const column = () => new Float64Array(deployments)
  return {
    admitted: column().fill(1),
    extra: column(),
    asked: column(),
    queued: column(),
    load: column(),
  }
}
