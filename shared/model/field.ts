import { type Field, FIELDS } from './fields.ts'

export { type Field, FIELDS } from './fields.ts'

export type FieldId = (typeof FIELDS)[number]['id']
export const FIELD_IDS = FIELDS.map((field) => field.id) as [FieldId, ...FieldId[]]

const codeById = new Map<string, number>(FIELDS.map((field, code) => [field.id, code]))
/** What OpenTelemetry collectors append to the name of whatever its TYPE calls a counter. */
const OF_COUNTERS = '_total'
/** Rates that dcgm-exporter calls counters. */
const CALLED_COUNTERS: ReadonlySet<string> = new Set(['nvlink'])

/** All names under which a field may come, the preferred one first. */
export function seriesNamesOf({
  id,
  kind,
  series,
}: Pick<Field, 'id' | 'kind' | 'series'>): readonly string[] {
  if (kind !== 'counter' && !CALLED_COUNTERS.has(id)) return series
  return [...series, ...series.map((name) => name + OF_COUNTERS)]
}

const codeBySeries = new Map<string, number>(
  FIELDS.flatMap((field, code) => seriesNamesOf(field).map((name) => [name, code] as const)),
)

/** The wire code of a field: its place in {@link FIELDS}. */
export function fieldCode(id: FieldId): number {
  return codeById.get(id) as number
}

/** The field that a dcgm-exporter series name carries, or -1 for a series that Floorwatch does not draw. */
export function fieldCodeOfSeries(seriesName: string): number {
  return codeBySeries.get(seriesName) ?? -1
}

export function field(id: FieldId): Field {
  return FIELDS[fieldCode(id)] as Field
}

/** What the metric switch offers, keys 1 to 9 in this order. */
export const SWITCHABLE_FIELDS: readonly FieldId[] = [
  'smActive',
  'grActive',
  'tensorActive',
  'dramActive',
  'power',
  'gpuTemp',
  'memTemp',
  'fbUsed',
  'gpuUtil',
]

/** Clock event reason bits (nvml.h, nvmlClocksEventReasons). `harmful` ones slow a busy GPU against its owner's will. */
export const CLOCK_EVENT_REASONS = [
  { bit: 0x1, name: 'idle', harmful: false },
  { bit: 0x2, name: 'application clocks setting', harmful: false },
  { bit: 0x4, name: 'software power cap', harmful: false },
  { bit: 0x8, name: 'hardware slowdown', harmful: true },
  { bit: 0x10, name: 'sync boost', harmful: false },
  { bit: 0x20, name: 'software thermal slowdown', harmful: true },
  { bit: 0x40, name: 'hardware thermal slowdown', harmful: true },
  { bit: 0x80, name: 'hardware power brake', harmful: true },
  { bit: 0x100, name: 'display clock setting', harmful: false },
] as const
