/** Name under which the fleet knows what Prometheus says of one exporter target. */
export function sourceOf(instance: string): string {
  return instance === '' ? 'Prometheus' : `Prometheus (${instance})`
}
