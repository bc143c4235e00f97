import type { InferenceNaming } from '../types.ts'

/** As the configuration has it by default. */
export const DEFAULT_NAMING: InferenceNaming = {
  labels: {
    namespace: ['namespace', 'kubernetes_namespace', 'exported_namespace'],
    pod: ['pod', 'kubernetes_pod_name', 'exported_pod'],
    model: ['model_name', 'model', 'model_id'],
    endpoint: ['endpoint_name', 'route', 'service', 'deployment', 'app'],
    host: ['node', 'hostname', 'Hostname', 'kubernetes_node'],
  },
  names: {},
  models: {},
}
