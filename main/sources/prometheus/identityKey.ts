import { atOnce } from '../../platform/turn.ts'

/**
 * Fast answers name a GPU by as few bytes as distinguish it. A UUID such as `GPU-c4529c8d-69c4-b61d-e0bc-7b2460096005`
 * takes half of a narrow row; its last twelve digits do as well, as long as no two on the floor share them.
 */
export const IDENTITY_CUTS = ['tail', 'head', 'whole', 'place'] as const
export type IdentityCut = (typeof IDENTITY_CUTS)[number]

/** Of a GPU without a UUID all that names it: its exporter, and its number there. Asked for with the cut 'place'. */
export const PLACE_LABELS = ['instance', 'gpu', 'device'] as const

/** What the cut keeps: the last group of a UUID, or its first two. The same patterns run here and in the back end. */
const CUT_PATTERNS = { tail: '.*-(.{12})', head: '[A-Z]+-(.{13})-.*' } as const

/**
 * The shortest cut under which all of these UUIDs stay apart. Equal UUIDs (two exporters, two replicas) are one GPU.
 * Where two boards meet later all the same, the back end refuses the query (failure code `duplicate-series`) instead
 * of mixing them up: ask with 'whole' then, and choose again. Where some GPU has no UUID ('') they are told by 'place'.
 */
export function chooseCut(uuids: Iterable<string>): IdentityCut {
  return atOnce(cutSteps(uuids))
}

const UUIDS_A_STEP = 512

/** The same in steps. */
export function* cutSteps(uuids: Iterable<string>): Generator<void, IdentityCut> {
  const whole = new Set(uuids)
  if (whole.has('')) return 'place'
  for (const cut of ['tail', 'head'] as const) {
    const kept = new Set<string>()
    let cuts = 0
    for (const uuid of whole) {
      if (cuts++ % UUIDS_A_STEP === 0) yield
      kept.add(cutUuid(uuid, cut))
    }
    if (kept.size === whole.size) return cut
  }
  return 'whole'
}

const patterns = { tail: anchored(CUT_PATTERNS.tail), head: anchored(CUT_PATTERNS.head) }

function anchored(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`, 's')
}

/** What `label_replace` leaves of a UUID: the cut where the pattern fits the whole text, else all of it. */
export function cutUuid(uuid: string, cut: IdentityCut): string {
  return cut === 'whole' || cut === 'place' ? uuid : (patterns[cut].exec(uuid)?.[1] ?? uuid)
}

/** Wraps a query whose rows carry `UUID` so that they carry the cut. */
export function cutQuery(query: string, cut: IdentityCut): string {
  return cut === 'whole' || cut === 'place'
    ? query
    : `label_replace(${query},"UUID","$1","UUID",${JSON.stringify(CUT_PATTERNS[cut])})`
}

/**
 * The key under which a row of a fast answer and an identity meet: UUID as cut, and the MIG instance where there is
 * one. A UUID that was cut before stays as it is. A GPU without one goes by its exporter and its number there; '' where
 * nothing tells it from others.
 */
export function seriesKey(labels: ReadonlyMap<string, string>, cut: IdentityCut): string {
  const uuid = cutUuid(uuidOf(labels), cut) || placeOf(labels)
  if (uuid === '') return ''
  const instance = labels.get('GPU_I_ID')
  return instance === undefined || instance === '' ? uuid : `${uuid}/${instance}`
}

/** '' where no label says it; two names exist beside dcgm-exporter's own. */
export function uuidOf(labels: ReadonlyMap<string, string>): string {
  return labels.get('UUID') || labels.get('gpu_uuid') || labels.get('uuid') || ''
}

/** "10.0.0.1:9400 3"; '' where the exporter or the number is not known. */
function placeOf(labels: ReadonlyMap<string, string>): string {
  const instance = labels.get('instance') ?? ''
  const number = labels.get('gpu') || labels.get('device') || ''
  return instance === '' || number === '' ? '' : `${instance} ${number}`
}
