import { isComplete, type Observation } from '../../observation.ts'
import type { StaleLimits } from './cadences.ts'
import { FIELD_COUNT, withdrawCell } from '../figures/columns.ts'
import { placeSeries, XID_COUNT } from '../places/placement.ts'
import { addressOf } from '../places/hostName.ts'
import type { Labels } from '../places/identity.ts'
import type { Registry } from '../places/registry.ts'
import { type Bound, newlyBound } from './bound.ts'
import { type Coverage, KEY, part, union } from './coverage.ts'
import type { Remark } from './remarks.ts'
import { withUnreadShares } from '../figures/sharing.ts'
import { Succession } from '../places/succession.ts'
import { boundedText } from '../text.ts'
import type { GpuRows, Speaker } from '../types.ts'
import type { XidLedger } from '../findings/xid.ts'

/**
 * The sources of the floor, and what each of them feeds. A source is known by a number, its *feeder*, which is stamped
 * on every cell that it brings; only the source that brought a figure takes it back, and only with a complete
 * observation.
 */
export interface Sources {
  /**
   * Maps the rows of an observation onto the floor; takes back what a complete one lacks. In steps where places have to
   * be found ({@link needsPlaces}): between two of them nothing else may be placed, and nothing leave its place.
   */
  bind(observation: Observation<GpuRows>): Generator<void, Bound>
  /** Whether places have to be found for the rows: they are others than before, or identity has moved on. */
  needsPlaces(observation: Observation<GpuRows>): boolean
  /** The source does not answer, or the floor is fed by another way. What it fed ages. */
  release(source: string, why: string | undefined, turned?: boolean): void
  find(source: string): number
  /** Places of the hosts that a source brings figures of, or brought while it was not complete. */
  hostsOf(feeder: number): ReadonlySet<number>
  nameOf(feeder: number): string
  /** Why the source was released; '' while it answers, or where no reason was given. */
  troubleOf(feeder: number): string
  /**
   * Whose fault it is when nothing comes of a source. `lost`: its own, it does not answer or is no target any more; else
   * its speaker's may be silent as a whole.
   */
  silenceOf(feeder: number): { readonly lost: boolean; readonly speaker: string }
  /** It answers: it has been heard and was not released since. */
  isLiving(feeder: number): boolean
  /** Another source brings a figure of a unit that `feeder`, silent now, brought before. */
  succeed(feeder: number, successor: number, unit: number): void
  /** The source that speaks for what `feeder` brought of a machine: itself, or whoever has taken its place there. */
  speakerFor(feeder: number, host: number): number
  /** What is odd about the names that living sources give, and who is answerable. */
  remarks(): readonly { readonly speaker: string; readonly remark: Remark }[]
  /**
   * Why a figure of a unit was not read in the last answer of a source that names it; '' where it was, or was not named.
   * @param feeder -1: of any source
   */
  unreadWhy(feeder: number, unit: number, field: number): string
  /** When the source was last read completely, ms; -Infinity: never. */
  completeAt(feeder: number): number
}

interface Question {
  /** Null while the source is silent: only what it fed is remembered then. */
  bound: Bound | null
  /** What earlier, incomplete observations fed and no complete one has confirmed or taken back since. */
  open: Coverage | null
}

interface Source {
  readonly feeder: number
  readonly questions: Map<string, Question>
  living: boolean
  /** Released because it does not answer. */
  lost: boolean
  /** Who is answerable for what it said last. */
  speaker: Speaker
  completeAt: number
  trouble: string
  /** Where it answers, as its series or its target say. */
  address: string
  /** It has fed a cell, which bears its number. */
  hasFed: boolean
}

export function createSources(
  registry: Registry,
  xids: XidLedger,
  limits: StaleLimits,
  staleAfterMs: number,
  hostLabels: readonly string[],
): Sources {
  const byName = new Map<string, Source>()
  const byFeeder: Source[] = []
  const names: string[] = []
  /** Numbers that no cell bears any more. */
  const free: number[] = []
  /** Counts up whenever a source stops living: what it held may go to another. */
  let releases = 0
  const succession = new Succession()

  function sourceOf(name: string): Source {
    const known = byName.get(name)
    if (known) return known
    const feeder = free.pop() ?? names.length
    const made: Source = {
      feeder,
      questions: new Map(),
      living: true,
      lost: false,
      speaker: { name, scope: 'floor' },
      completeAt: Number.NEGATIVE_INFINITY,
      trouble: '',
      address: name,
      hasFed: false,
    }
    byName.set(name, made)
    names[feeder] = name
    byFeeder[feeder] = made
    return made
  }

  function* place(bound: Bound, { source, sampledAt, rows }: Observation<GpuRows>): Generator<void, void> {
    const { speaker, question } = rows
    const releasesThen = releases
    const first = rows.series[0]
    if (first) sourceOf(source).address = addressOf(first.labels, rows.target ?? NO_LABELS, source)
    const { fields, units, waiting, remarks, shared } = yield* placeSeries(rows.series, {
      placing: {
        registry,
        source,
        target: rows.target ?? NO_LABELS,
        hostLabels,
        at: sampledAt,
        otherOwner: (unit) => otherOwner(bound.feeder, unit, sampledAt),
        nameOf: (feeder) => sources.nameOf(feeder),
        addressOf: (feeder) => byFeeder[feeder]?.address ?? '',
        staleLimit: (unit) => limits.ofRow(registry.columns.seenBy[unit] as number),
      },
      xids,
      part: question === undefined ? source : `${source}, ${question}`,
      budget: registry.budgets.of(speaker?.name ?? source, speaker?.scope ?? 'floor'),
    })
    Object.assign(bound, {
      remarks,
      speaker: speaker?.name ?? source,
      ofMachine: speaker?.scope === 'machine',
    })
    const covers = new Set<number>()
    units.forEach((unit, i) => {
      if (unit >= 0) covers.add(fields[i] as number)
    })
    Object.assign(bound, { fields, units, waiting, shared, covers: [...covers] })
    Object.assign(bound, {
      placedAt: sampledAt,
      learnt: registry.learnt,
      moved: registry.moved,
      releases: releasesThen,
    })
  }

  /** Another source that answers for a board, or for one of its instances; -1: none does. */
  function otherOwner(feeder: number, board: number, at: number): number {
    const { seenBy, namedAt, live } = registry.columns
    for (const unit of [board, ...(registry.units[board]?.instances ?? [])]) {
      const owner = seenBy[unit] as number
      const named = namedAt[unit] as number
      if (owner === feeder || named === Number.NEGATIVE_INFINITY || live[unit] === 0) continue
      if (sources.isLiving(owner) && at - named <= limits.ofRow(owner)) return owner
    }
    return -1
  }

  /** Whether identity has moved on since the same series were looked up. */
  function isOutdated(bound: Bound, sampledAt: number): boolean {
    const mayBeKnownNow =
      bound.waiting > 0 &&
      (bound.learnt !== registry.learnt ||
        bound.releases !== releases ||
        sampledAt - bound.placedAt >= staleAfterMs)
    return bound.moved !== registry.moved || mayBeKnownNow
  }

  /** Takes back what `old` fed and `next` lacks. */
  function withdraw(old: Coverage, next: Bound, feeder: number, at: number): void {
    const kept = new Set<number>()
    next.units.forEach((unit, i) => kept.add(unit * KEY + (next.fields[i] as number)))
    old.units.forEach((unit, i) => {
      const field = old.fields[i] as number
      if (unit < 0 || kept.has(unit * KEY + field)) return
      if (field === XID_COUNT) xids.count(unit, Number.NaN, at)
      else {
        // Not in the answer at all any more, neither with a value nor without.
        registry.sentEmpty.delete(unit * FIELD_COUNT + field)
        if (registry.columns.feeder[field]?.[unit] === feeder) withdrawCell(registry.columns, field, unit, at)
      }
    })
  }

  /**
   * What a source fed that is silent now, of boards that this one names: it speaks for them, and says no more of these
   * figures. Otherwise a code that only the old pod of an exporter reported would stand for ever.
   */
  function withdrawInherited(next: Bound, at: number): void {
    const named = new Set<number>()
    next.units.forEach((unit, i) => {
      if (unit >= 0) named.add(next.fields[i] === XID_COUNT ? xids.unitOf(unit) : unit)
    })
    for (const feeder of succession.takePredecessors(next.feeder)) {
      const source = byFeeder[feeder]
      if (!source || source.living) continue
      for (const question of source.questions.values()) {
        if (question.open === null) continue
        const { units, fields } = question.open
        const ofNamed = (unit: number, i: number): boolean =>
          unit >= 0 && named.has(fields[i] === XID_COUNT ? xids.unitOf(unit) : unit)
        withdraw(part(question.open, ofNamed), next, feeder, at)
        question.open = part({ units, fields }, (unit, i) => unit >= 0 && !ofNamed(unit, i))
      }
    }
  }

  const sources: Sources = {
    needsPlaces({ source, sampledAt, rows }) {
      const bound = byName.get(source)?.questions.get(rows.question ?? '')?.bound
      return bound?.series !== rows.series || isOutdated(bound, sampledAt)
    },
    *bind(observation) {
      const { rows, sampledAt, complete, cadenceMs } = observation
      const source = sourceOf(observation.source)
      const { feeder, questions } = source
      if (!source.living) succession.forget(feeder)
      source.living = true
      source.lost = false
      source.speaker = rows.speaker ?? source.speaker
      source.trouble = ''
      const known = questions.get(rows.question ?? '')
      const before = known?.bound ?? null
      let bound: Bound
      let open = known?.open ?? null
      if (before?.series === rows.series) {
        bound = before
        const { units, fields } = before
        if (isOutdated(bound, sampledAt)) yield* place(bound, observation)
        // What it fed under another place is taken back from there.
        if (bound.units !== units) open = open === null ? { units, fields } : union(open, { units, fields })
      } else {
        bound = newlyBound(feeder, rows.series)
        yield* place(bound, observation)
        // What was fed until now stays this source's until a complete observation is without it.
        if (before) open = open === null ? before : union(open, before)
      }
      bound.unread =
        rows.unread === undefined
          ? null
          : { ...rows.unread, rows: withUnreadShares(rows.unread.rows, bound.shared) }
      if (isComplete(complete)) {
        if (open !== null) withdraw(open, bound, feeder, sampledAt)
        open = null
        withdrawInherited(bound, sampledAt)
        if (sampledAt > source.completeAt) source.completeAt = sampledAt
      }
      questions.set(rows.question ?? '', { bound, open })
      if (bound.covers.length > 0) source.hasFed = true
      limits.note(feeder, bound.covers, cadenceMs)
      return bound
    },
    release(name, why, turned = false) {
      const source = byName.get(name)
      if (!source?.living) return
      source.living = false
      limits.release(source.feeder)
      source.lost = !turned
      source.trouble = why === undefined ? '' : boundedText(why)
      releases++
      // What it fed is all that has to be known of it until it answers again; its series and labels are large.
      for (const question of source.questions.values()) {
        const { bound, open } = question
        if (bound)
          question.open = open === null ? { units: bound.units, fields: bound.fields } : union(open, bound)
        question.bound = null
      }
      // A Prometheus that makes up targets would fill the memory with their names.
      if (source.hasFed) return
      byName.delete(name)
      succession.forget(source.feeder)
      free.push(source.feeder)
    },
    find: (name) => byName.get(name)?.feeder ?? -1,
    hostsOf(feeder) {
      const hosts = new Set<number>()
      for (const { bound, open } of byFeeder[feeder]?.questions.values() ?? []) {
        for (const coverage of [bound, open]) {
          coverage?.units.forEach((unit, i) => {
            if (unit >= 0 && coverage.fields[i] !== XID_COUNT)
              hosts.add(registry.columns.host[unit] as number)
          })
        }
      }
      return hosts
    },
    nameOf: (feeder) => names[feeder] ?? '',
    troubleOf: (feeder) => byFeeder[feeder]?.trouble ?? '',
    silenceOf(feeder) {
      const source = byFeeder[feeder]
      if (!source) return { lost: false, speaker: '' }
      const { living, lost, speaker } = source
      return { lost: lost || (living && speaker.scope === 'machine'), speaker: speaker.name }
    },
    isLiving: (feeder) => byFeeder[feeder]?.living === true,
    succeed(feeder, successor, unit) {
      if (byFeeder[feeder]?.living !== false) return
      const board = registry.units[unit]?.board ?? -1
      succession.take(feeder, successor, registry.columns.host[unit] as number, board >= 0 ? board : unit)
    },
    speakerFor(feeder, host) {
      const boards = registry.hosts.all[host]?.units.length ?? 0
      let speaker = feeder
      // Feeds turn back and forth: a ring of successors ends where it began.
      for (let steps = 0; steps < 8; steps++) {
        if (byFeeder[speaker]?.living !== false) return speaker
        const successor = succession.successorOf(speaker, host, boards)
        if (successor < 0) return speaker
        speaker = successor
      }
      return speaker
    },
    remarks: () =>
      byFeeder.flatMap(({ living, questions }) =>
        living
          ? [...questions.values()].flatMap(({ bound }) =>
              (bound?.remarks ?? []).map((remark) => ({ speaker: bound?.speaker ?? '', remark })),
            )
          : [],
      ),
    unreadWhy(feeder, unit, field) {
      const asked = feeder < 0 ? byFeeder : byFeeder.slice(feeder, feeder + 1)
      for (const { questions } of asked) {
        for (const { bound } of questions.values()) {
          if (!bound?.unread) continue
          const { units, fields } = bound
          const { rows, why } = bound.unread
          if (rows.some((mark, i) => mark === 1 && units[i] === unit && fields[i] === field)) return why
        }
      }
      return ''
    },
    completeAt: (feeder) => byFeeder[feeder]?.completeAt ?? Number.NEGATIVE_INFINITY,
  }
  return sources
}

const NO_LABELS: Labels = new Map()
