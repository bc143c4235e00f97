import { message } from '../../../shared/messages/message.ts'
import type { Incident, NamedPerson } from '../../../shared/model/incident.ts'
import { type ActOutcome, applied } from './acts.ts'
import { changed, presentOf } from './change.ts'
import { Holding } from './holding.ts'
import { RULES } from './rules.ts'
import type { Change, IncidentAct, KeptIncident, Look, NewEntry, Trigger } from './types.ts'

/**
 * The incidents of a site. At most one of a cause is not resolved. It decides and remembers; what it decides is written
 * down by whoever asks, and {@link IncidentBook.take} makes it so: nothing that could not be written has happened.
 */
export class IncidentBook {
  readonly #kept = new Map<string, KeptIncident>()
  readonly #holding = new Holding()
  #highest: number

  /**
   * @param restored those that are not resolved, and the resolved ones that are still shown
   * @param highest the highest number that was ever given out
   */
  constructor(restored: readonly KeptIncident[] = [], highest = 0) {
    for (const kept of restored) this.#kept.set(kept.incident.id, kept)
    this.#highest = Math.max(highest, ...restored.map(({ incident }) => numberOf(incident.id)))
  }

  /** Those not resolved, and those resolved lately, in no order. */
  list(): readonly KeptIncident[] {
    return [...this.#kept.values()]
  }

  get(id: string): KeptIncident | undefined {
    return this.#kept.get(id)
  }

  /** Makes a change of this book so. */
  take({ incident, hosts }: Change): void {
    this.#kept.set(incident.id, { incident, hosts })
    this.#highest = Math.max(this.#highest, numberOf(incident.id))
  }

  /** Forgets incidents that were resolved before `at`, wall clock, ms: they are read where they are kept. */
  forgetResolvedBefore(at: number): void {
    for (const [id, { incident }] of this.#kept) {
      if (incident.resolvedAt !== null && incident.resolvedAt < at) this.#kept.delete(id)
    }
  }

  /**
   * Compares what is seen with what is open. To be asked about once a second.
   * @returns what changes; each is to be taken, kept or not: the floor does not wait for a disk
   */
  look(look: Look): Change[] {
    const open = new Map<string, KeptIncident>()
    for (const kept of this.#kept.values())
      if (kept.incident.state !== 'resolved') open.set(kept.incident.cause, kept)
    const changes: Change[] = []
    const own = new Map(look.triggers.map((trigger) => [trigger.cause, trigger]))
    const covered = new Set(look.triggers.flatMap(({ covers }) => covers))
    const started = this.#holding.started(
      look.triggers.filter(({ cause }) => !open.has(cause)),
      look.monotonic,
    )
    for (const trigger of started) {
      if (open.size >= RULES.mostOpen) break
      changes.push(...this.#open(trigger, open, look))
    }
    const done = new Set(changes.map(({ incident }) => incident.id))
    for (const kept of open.values()) {
      const { id, cause } = kept.incident
      if (done.has(id)) continue
      const seen = own.get(cause) ?? (covered.has(cause) ? 'covered' : null)
      const change = this.#holding.follow(kept, seen, look)
      if (change !== null) changes.push(change)
    }
    return changes
  }

  /** What a person does, as a change to be written down and then taken; or why it does not apply. */
  act(id: string, act: IncidentAct, by: NamedPerson, at: number): ActOutcome {
    const kept = this.#kept.get(id)
    if (kept === undefined)
      return {
        refused: message('incidents.refused.missing', { id }),
        nextStep: message('incidents.refused.look'),
      }
    const other = this.#list((each) => each.cause === kept.incident.cause && each.id !== id)[0]
    return applied(kept, act, by, at, {
      lasts: this.#holding.lasts(kept.incident),
      another: other?.id ?? null,
    })
  }

  /** A further entry, such as of a throttle; null where there is no such incident. */
  entry(id: string, entry: NewEntry, recordedAt: number): Change | null {
    const kept = this.#kept.get(id)
    return kept === undefined ? null : changed(kept, {}, [entry], recordedAt)
  }

  #list(matches: (incident: Incident) => boolean): Incident[] {
    return [...this.#kept.values()]
      .map(({ incident }) => incident)
      .filter((incident) => incident.state !== 'resolved' && matches(incident))
  }

  #open(trigger: Trigger, open: Map<string, KeptIncident>, look: Look): Change[] {
    const before = this.#latestResolved(trigger.cause)
    const resolvedAt = before?.incident.resolvedAt ?? Number.NEGATIVE_INFINITY
    const opened =
      before !== null && look.at - resolvedAt <= RULES.reopenWithinMs && look.at >= resolvedAt
        ? reopened(before, trigger, look)
        : this.#begun(trigger, before?.incident.id ?? null, look)
    this.#holding.opened(opened.incident)
    const absorbed = trigger.covers.flatMap((cause) => {
      const kept = open.get(cause)
      return kept !== undefined && look.at - kept.incident.openedAt <= RULES.absorbWithinMs ? [kept] : []
    })
    const whole = absorbed.reduce<Change>(
      (change, { incident }) => {
        const entry: NewEntry = {
          kind: 'merged',
          eventAt: look.at,
          who: null,
          message: message('incidents.entry.absorbed', { from: incident.id }),
        }
        const next = changed(change, {}, [entry], look.at)
        return { ...next, entries: [...change.entries, ...next.entries] }
      },
      // Somebody who has taken one of them on has taken on the whole.
      { ...opened, incident: { ...opened.incident, ...carriedOver(absorbed) } },
    )
    open.set(trigger.cause, whole)
    const closed = absorbed.map((kept) => {
      open.delete(kept.incident.cause)
      return merged(kept, whole.incident.id, look)
    })
    return [whole, ...closed]
  }

  #begun(trigger: Trigger, follows: string | null, look: Look): Change {
    const { cause, kind, subject, priority, title, at, atLeast, hosts } = trigger
    this.#highest += 1
    const blank: Incident = {
      id: `INC-${this.#highest}`,
      cause,
      kind,
      subject,
      priority,
      title,
      facts: [],
      nextStep: null,
      state: 'open',
      startedAt: Math.min(at, look.at),
      startedAtLeast: atLeast,
      openedAt: look.at,
      recoveredAt: null,
      resolvedAt: null,
      unknown: null,
      acknowledged: null,
      assignee: null,
      gpus: 0,
      hosts: 0,
      hostNames: [],
      returns: 0,
      follows,
      mergedInto: null,
      entries: 0,
    }
    const words =
      follows === null
        ? message('incidents.entry.opened', { priority, title })
        : message('incidents.entry.follows', { priority, title, before: follows })
    const entry: NewEntry = { kind: 'opened', eventAt: blank.startedAt, who: null, message: words }
    return changed({ incident: blank, hosts }, presentOf(trigger), [entry], look.at)
  }

  #latestResolved(cause: string): KeptIncident | null {
    let latest: KeptIncident | null = null
    for (const kept of this.#kept.values()) {
      const { incident } = kept
      if (incident.cause !== cause || incident.resolvedAt === null || incident.mergedInto !== null) continue
      if (latest === null || incident.resolvedAt > (latest.incident.resolvedAt ?? 0)) latest = kept
    }
    return latest
  }
}

function numberOf(id: string): number {
  return Number(id.slice('INC-'.length))
}

function carriedOver(absorbed: readonly KeptIncident[]): Partial<Incident> {
  const acknowledged = absorbed.map(({ incident }) => incident.acknowledged).find((each) => each !== null)
  const assignee = absorbed.map(({ incident }) => incident.assignee).find((each) => each !== null)
  return {
    ...(acknowledged === undefined ? {} : { acknowledged }),
    ...(assignee === undefined ? {} : { assignee }),
  }
}

function reopened(before: KeptIncident, trigger: Trigger, look: Look): Change {
  const { title, priority, hosts, at } = trigger
  const entry: NewEntry = {
    kind: 'reopened',
    eventAt: Math.min(at, look.at),
    who: null,
    message: message('incidents.entry.sameCause', { title }),
  }
  const { incident } = before
  const change: Partial<Incident> = {
    ...presentOf(trigger),
    state: 'open',
    priority: priority < incident.priority ? priority : incident.priority,
    recoveredAt: null,
    resolvedAt: null,
    acknowledged: null,
    unknown: null,
    returns: incident.returns + 1,
  }
  return changed({ incident, hosts }, change, [entry], look.at)
}

function merged(kept: KeptIncident, into: string, { at }: Look): Change {
  const entry: NewEntry = {
    kind: 'merged',
    eventAt: at,
    who: null,
    message: message('incidents.entry.merged', { into }),
  }
  return changed(kept, { state: 'resolved', resolvedAt: at, mergedInto: into, unknown: null }, [entry], at)
}
