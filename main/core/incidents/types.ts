import type { Message } from '../../../shared/messages/message.ts'
import type {
  EntryKind,
  Incident,
  IncidentSubject,
  NamedPerson,
  Priority,
  TimelineEntry,
} from '../../../shared/model/incident.ts'

/** A trouble that is there now and deserves an incident. */
export interface Trigger {
  /** What makes two troubles the same: "burn/ttft-chat", "lost/host/h-0085". */
  readonly cause: string
  readonly kind: Incident['kind']
  readonly subject: IncidentSubject
  readonly priority: Priority
  readonly title: Message
  readonly facts: readonly Message[]
  readonly nextStep: Message | null
  /** Hosts concerned. */
  readonly hosts: readonly string[]
  readonly gpus: number
  /** When it began, wall clock, ms; `atLeast`: then or before. */
  readonly at: number
  readonly atLeast: boolean
  /** Narrower causes that this one explains: they get no incident beside it. */
  readonly covers: readonly string[]
}

/** What the engine sees at one time. */
export interface Look {
  readonly triggers: readonly Trigger[]
  /** Why it is not known whether the trouble of an incident lasts; null where it is known. Asked where no trigger tells. */
  unknownOf(incident: Incident, hosts: readonly string[]): Message | null
  /** Wall clock, ms: for what people read. */
  readonly at: number
  /** For durations, ms. */
  readonly monotonic: number
}

/** An incident as the book keeps it: with every host concerned. */
export interface KeptIncident {
  readonly incident: Incident
  readonly hosts: readonly string[]
}

/** An incident as it is from now on, and what its timeline gains. */
export interface Change extends KeptIncident {
  readonly entries: readonly TimelineEntry[]
}

export interface NewEntry {
  readonly kind: EntryKind
  readonly eventAt: number
  readonly who: NamedPerson | null
  readonly message: Message
  readonly text?: string
}

/** What a person does to an incident. */
export type IncidentAct =
  | { readonly kind: 'acknowledge'; readonly reason: string }
  | { readonly kind: 'note'; readonly text: string }
  /** A name, because whoever is called need not have an account; null: to no one in particular. */
  | { readonly kind: 'assign'; readonly to: string | null }
  | { readonly kind: 'resolve'; readonly reason: string }
  | { readonly kind: 'reopen'; readonly reason: string }

/** An act that does not apply; the texts are for the person. */
export interface ActRefused {
  readonly refused: Message
  readonly nextStep: Message
}
