export type { Metadata, Target } from './answers.ts'
export {
  createPrometheusClient,
  type Answered,
  type PrometheusClient,
  type PrometheusClientOptions,
  type RequestOptions,
  type TimeRange,
} from './client.ts'
export { FLAVOURS, type BuildInfo, type Flavour } from './flavour.ts'
export {
  chooseCut,
  cutQuery,
  cutUuid,
  IDENTITY_CUTS,
  PLACE_LABELS,
  seriesKey,
  type IdentityCut,
} from './identityKey.ts'
export { normaliseLabels, type ExporterTarget } from './labels.ts'
export { onGrid, type RangeSeries } from './matrixReader.ts'
export type { NativeBucket, NativeHistogram } from './nativeHistogram.ts'
export { rememberingQueries, type RememberingQueries } from './remembering.ts'
export {
  checkedSelector,
  durationText,
  literalPattern,
  oneOf,
  quote,
  selector,
  SelectorError,
} from '../../platform/promql.ts'
export {
  AGE_SERIES,
  countQuery,
  exporterQuery,
  fastQuery,
  floorSizeQuery,
  frozenQuery,
  historyQuery,
  historyWindow,
  identityQuery,
  sampleAgeQuery,
  SHARE_LABEL,
  sharedQuery,
  sampleCountQuery,
  xidCountQuery,
  type HistoryWindow,
} from './queries.ts'
export {
  createVectorReader,
  DEFAULT_READER_LIMITS,
  STRANGER,
  type ReaderOptions,
  type AnsweredSeries,
  type ReaderLimits,
  type Vector,
  type VectorReader,
} from './vectorReader.ts'
