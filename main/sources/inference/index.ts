export { createDirectInference } from './direct.ts'
export { createMapping, ENGINES, MappingError } from './mapping.ts'
export { createPrometheusInference } from './prometheus.ts'
export {
  INFERENCE_SIGNALS,
  type AnsweredHistogram,
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
  type QuantileQuery,
  type WindowedHistogram,
} from './types.ts'
