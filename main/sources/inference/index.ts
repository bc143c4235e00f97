export { createDirectInference } from './direct.ts'
export { createMapping, ENGINES, MappingError } from './mapping.ts'
export { createPrometheusInference } from './prometheus.ts'
export { fromCumulative } from './buckets.ts'
export { ENGINE_LABEL, HAVING_LABEL, QUANTILE_LABEL } from './questions.ts'
export {
  INFERENCE_SIGNALS,
  type AnsweredHistogram,
  type CurvesQuery,
  type DirectInferenceOptions,
  type InferenceListener,
  type InferenceNaming,
  type InferenceRound,
  type InferenceSignal,
  type InferenceSource,
  type InstantAnswer,
  type InstantQueries,
  type PrometheusInference,
  type PrometheusInferenceOptions,
  type WindowedHistogram,
} from './types.ts'
