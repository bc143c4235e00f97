import { type FieldId, field } from './field.ts'

/** A duration for people, in its largest sensible unit: "850 ms", "12 s", "4 min", "3 h", "2 d". */
export function inWords(milliseconds: number): string {
  const ms = Math.max(0, Math.round(milliseconds))
  if (ms < 1000) return `${ms} ms`
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`
  if (ms < 172_800_000) return `${Math.round(ms / 3_600_000)} h`
  return `${Math.round(ms / 86_400_000)} d`
}

/** 1,024 instead of 1024, whatever the machine's locale. */
export function grouped(count: number | bigint): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}

export function plural(count: number, one: string, many: string = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`
}

/** Why a GPU has no figure of a field: "not exported by this exporter: DCGM_FI_DEV_XID_ERRORS". */
export function notExported(id: FieldId): string {
  return `not exported by this exporter: ${field(id).series.join(' or ')}`
}
