import { atOnce } from '../../platform/turn.ts'

/**
 * Fast answers name a GPU by as few bytes as tell it apart. A UUID such as `GPU-c4529c8d-69c4-b61d-e0bc-7b2460096005`
 * takes half of a narrow row; its last twelve digits do as well, as long as no two on the floor share them.
 */
export const IDENTITY_CUTS = ['tail', 'head', 'whole'] as const
export type IdentityCut = (typeof IDENTITY_CUTS)[number]

/** What the cut keeps: the last group of a UUID, or its first two. The same patterns run here and in the back end. */
const CUT_PATTERNS = { tail: '.*-(.{12})', head: '[A-Z]+-(.{13})-.*' } as const

/**
 * The shortest cut under which all of these UUIDs stay apart. Equal UUIDs (two exporters, two replicas) are one GPU.
 * Where two boards meet later all the same, the back end refuses the query (failure code `duplicate-series`) instead
 * of mixing them up: ask with 'whole' then, and choose anew.
 */
export function chooseCut(uuids: Iterable<string>): IdentityCut {
  return atOnce(cutSteps(uuids))
}

const UUIDS_A_STEP = 512

/** The same in steps. */
export function* cutSteps(uuids: Iterable<string>): Generator<void, IdentityCut> {
  const whole = new Set(uuids)
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
  return cut === 'whole' ? uuid : (patterns[cut].exec(uuid)?.[1] ?? uuid)
}

/** Wraps a query whose rows carry `UUID` so that they carry the cut. */
export function cutQuery(query: string, cut: IdentityCut): string {
  return cut === 'whole'
    ? query
    : `label_replace(${query},"UUID","$1","UUID",${JSON.stringify(CUT_PATTERNS[cut])})`
}

/**
 * The key under which a row of a fast answer and an identity meet: UUID as cut, and the MIG instance where there is
 * one. A UUID that was cut before stays as it is.
 */
export function seriesKey(labels: ReadonlyMap<string, string>, cut: IdentityCut): string {
  const uuid = cutUuid(labels.get('UUID') ?? labels.get('gpu_uuid') ?? labels.get('uuid') ?? '', cut)
  const instance = labels.get('GPU_I_ID')
  return instance === undefined || instance === '' ? uuid : `${uuid}/${instance}`
}
