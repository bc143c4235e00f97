import { type Message, message } from '../../../shared/messages/message.ts'
import type { Incident } from '../../../shared/model/incident.ts'
import { changed, joined, presentOf } from './change.ts'
import { recoverAfterMs, RULES } from './rules.ts'
import type { Change, KeptIncident, Look, NewEntry, Trigger } from './types.ts'

/** What is remembered of an open incident between two looks, in monotonic ms; forgotten with the engine. */
interface Follow {
  /** No trigger tells of it although it can be judged, since then. */
  goneSince: number | null
  /** It cannot be judged, since then. */
  unknownSince: number | null
  /** That it cannot be judged stands in the timeline. */
  unknownTold: boolean
  figuresAt: number
}

/** How long troubles have lasted and been over: hysteresis between what is seen and what is said. */
export class Holding {
  #pending = new Map<string, number>()
  readonly #follows = new Map<string, Follow>()

  /** Those that have lasted long enough to get an incident. */
  started(triggers: readonly Trigger[], monotonic: number): Trigger[] {
    const pending = new Map<string, number>()
    for (const { cause } of triggers) pending.set(cause, this.#pending.get(cause) ?? monotonic)
    this.#pending = pending
    // A wider cause goes first: it takes in what it explains.
    const due = triggers.filter(
      ({ cause, kind }) => monotonic - (pending.get(cause) ?? monotonic) >= RULES.openAfterMs[kind],
    )
    const covered = new Set(due.flatMap(({ covers }) => covers))
    return due.filter(({ cause }) => !covered.has(cause))
  }

  opened({ id }: Incident): void {
    this.#follows.delete(id)
  }

  /** Whether the trouble is there as far as is known: nobody has seen it gone. */
  lasts({ id, state }: Incident): boolean {
    const follow = this.#follows.get(id)
    if (follow === undefined) return false
    return state === 'open' && follow.goneSince === null && follow.unknownSince === null
  }

  /** @param seen what tells that it lasts: its own trigger, or that of a wider cause; null where nothing does */
  follow(kept: KeptIncident, seen: Trigger | 'covered' | null, look: Look): Change | null {
    const { incident } = kept
    const follow = this.#follows.get(incident.id) ?? {
      goneSince: null,
      unknownSince: null,
      unknownTold: incident.unknown !== null,
      figuresAt: Number.NEGATIVE_INFINITY,
    }
    this.#follows.set(incident.id, follow)
    if (seen !== null) return lasting(kept, seen, follow, look)
    const why = look.unknownOf(incident, kept.hosts)
    if (why !== null) return unjudged(kept, why, follow, look)
    const judged = judgedAgain(kept, follow, look)
    const over = gone(judged ?? kept, follow, look)
    return judged === null || over === null ? (judged ?? over) : joined(judged, over)
  }
}

function lasting(kept: KeptIncident, seen: Trigger | 'covered', follow: Follow, look: Look): Change | null {
  follow.goneSince = null
  const judged = judgedAgain(kept, follow, look)
  const { incident } = judged ?? kept
  const entries: NewEntry[] = []
  const change: Partial<Incident> = {}
  const trigger = seen === 'covered' ? null : seen
  const title = trigger?.title ?? incident.title
  if (incident.state === 'recovered') {
    Object.assign(change, { state: 'open', recoveredAt: null, returns: incident.returns + 1 })
    entries.push(told('returned', message('incidents.entry.returned', { title }), look.at))
  }
  if (trigger !== null && trigger.priority < incident.priority) {
    change.priority = trigger.priority
    const values = { from: incident.priority, to: trigger.priority, title }
    entries.push(told('priority', message('incidents.entry.priority', values), look.at))
  } else if (trigger !== null && incident.gpus > 0 && trigger.gpus >= incident.gpus * 1.5) {
    entries.push(told('spread', message('incidents.entry.spread', { title }), look.at))
  }
  const due = look.monotonic - follow.figuresAt >= RULES.figuresEveryMs
  if (entries.length === 0 && !(trigger !== null && due && differs(incident, trigger))) return judged
  follow.figuresAt = look.monotonic
  const hosts = trigger === null ? kept.hosts : [...new Set([...kept.hosts, ...trigger.hosts])]
  const present = trigger === null ? {} : presentOf(trigger)
  const next = changed({ incident, hosts }, { ...present, ...change }, entries, look.at)
  return judged === null ? next : joined(judged, next)
}

function unjudged(kept: KeptIncident, why: Message, follow: Follow, look: Look): Change | null {
  // What was over for a while may be back unseen: it is judged from the start.
  follow.goneSince = null
  follow.unknownSince ??= look.monotonic
  const { incident } = kept
  const since = Math.round(look.at - (look.monotonic - follow.unknownSince))
  const lasts = look.monotonic - follow.unknownSince >= RULES.unknownAfterMs
  if (!follow.unknownTold && lasts) {
    follow.unknownTold = true
    const entry = told('unknown', message('incidents.entry.unknown', { why }), since)
    return changed(kept, { unknown: { since, why } }, [entry], look.at)
  }
  return incident.unknown === null ? changed(kept, { unknown: { since, why } }, [], look.at) : null
}

function judgedAgain(kept: KeptIncident, follow: Follow, look: Look): Change | null {
  follow.unknownSince = null
  if (kept.incident.unknown === null) return null
  const entries = follow.unknownTold ? [told('known', message('incidents.entry.known'), look.at)] : []
  follow.unknownTold = false
  return changed(kept, { unknown: null }, entries, look.at)
}

function gone(kept: KeptIncident, follow: Follow, look: Look): Change | null {
  const { incident } = kept
  follow.goneSince ??= look.monotonic
  const goneMs = look.monotonic - follow.goneSince
  if (incident.state === 'open') {
    if (goneMs < recoverAfterMs(incident)) return null
    const recoveredAt = Math.round(look.at - goneMs)
    const entry = told('recovered', message('incidents.entry.recovered'), recoveredAt)
    return changed(kept, { state: 'recovered', recoveredAt }, [entry], look.at)
  }
  if (look.at - (incident.recoveredAt ?? look.at) < RULES.expireAfterMs) return null
  const hours = Math.round(RULES.expireAfterMs / 3_600_000)
  const entry = told('resolved', message('incidents.entry.expired', { hours }), look.at)
  return changed(kept, { state: 'resolved', resolvedAt: look.at }, [entry], look.at)
}

function differs(incident: Incident, trigger: Trigger): boolean {
  const { title, facts, nextStep, gpus } = incident
  const present = { title, facts, nextStep, gpus }
  const said = {
    title: trigger.title,
    facts: trigger.facts.slice(0, 8),
    nextStep: trigger.nextStep,
    gpus: trigger.gpus,
  }
  return JSON.stringify(present) !== JSON.stringify(said)
}

function told(kind: NewEntry['kind'], words: Message, eventAt: number): NewEntry {
  return { kind, eventAt, who: null, message: words }
}
