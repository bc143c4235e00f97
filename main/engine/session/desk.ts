import type { Message } from '../../../shared/messages/message.ts'
import type { Person } from '../../../shared/model/person.ts'

/** Where a screen is attached from, as its host knows it. */
export interface ScreenOrigin {
  /** For people and for the audit: "window on this machine", "browser at 10.0.0.7". */
  readonly console: string
  /** Of the network, where it is reached over one; '' on this machine. Wrong passwords are counted against it. */
  readonly address: string
  /** Screens of one holder (a browser, a window) share a sign-in. Never shown, never logged. */
  readonly holder: string
  /** Only whoever runs this engine can have opened it: a window of its own, or its printed address on loopback. */
  readonly ownMachine: boolean
}

/** A window or a test that has its line to the engine within this machine, not over a network. */
export const OWN_WINDOW: ScreenOrigin = {
  console: 'window on this machine',
  address: '',
  holder: 'own window',
  ownMachine: true,
}

/** Of a screen of which its host says nothing. */
export const ELSEWHERE: ScreenOrigin = {
  console: 'somewhere else',
  address: 'elsewhere',
  holder: 'elsewhere',
  ownMachine: false,
}

/** What is said where no person can act at a screen: why, and what helps. */
export interface NoPerson {
  readonly why: Message
  readonly nextStep: Message
}

/**
 * The place of one screen at which a person signs in and out. It is asked for every command, because accounts change and
 * sessions end while a screen stays attached.
 */
export interface Desk {
  readonly origin: ScreenOrigin
  /** Who acts at this screen now, looked up again each time. */
  person(): Person | NoPerson
}

export function isPerson(found: Person | NoPerson): found is Person {
  return 'role' in found
}
