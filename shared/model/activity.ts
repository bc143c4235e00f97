import type { FieldId } from './field.ts'

/**
 * How busy a GPU is, from the best figure that its exporter sends: SM activity, else graphics engine activity, else the
 * time share of GPU_UTIL (which says little, but is all that a default exporter without profiling has).
 * `ratio = raw x scale`, 0 to 1.
 */
export const ACTIVITY_FIELDS: readonly { readonly field: FieldId; readonly scale: number }[] = [
  { field: 'smActive', scale: 1 },
  { field: 'grActive', scale: 1 },
  { field: 'gpuUtil', scale: 0.01 },
]
