import type { Wire } from '../../shared/contract/wire.ts'
import type { SecretReference } from '../../shared/contract/console.ts'
import type { SiteConfig } from '../config/types.ts'
import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/logger.ts'
import type { Passwords, SignInLimits } from '../access/index.ts'
import type { ScreenOrigin } from './session/desk.ts'

export type { ScreenOrigin } from './session/desk.ts'

/** The engine's public face: all that a host (Electron's utility process, the HTTP host, a test) may use. */
export interface Engine {
  /**
   * Serves one screen over one wire until it closes.
   * @param origin where it is; without one it is somewhere else, and acts for no one by itself
   */
  attach(wire: Wire, role: 'console' | 'wall', origin?: ScreenOrigin): void
  /** Opens the setup to consoles for a quarter of an hour, though a site is configured. For whoever runs the engine. */
  unlockSetup(): void
  /** Stops polling, ends sessions, releases sockets; resolves when nothing is left running. */
  close(): Promise<void>
  /** Counters of the engine itself since its start, for benchmarks and the log. */
  metrics(): EngineMetrics
}

/** What the engine needs from its host. */
export interface EngineHost {
  /** Starts a demo factory process and resolves with the path of the floorwatch.yaml that describes it. */
  launchDemo(): Promise<string>
  /**
   * Whether a secret that a screen named may be sent to an address that it named: asked of the person who runs the
   * engine, outside of any screen. It may answer at once that the question was put and is to be asked again later.
   * Without it no secret goes to an address of a screen's choice.
   */
  allowSecret?(use: SecretUse): Promise<SecretAnswer>
}

export interface SecretUse {
  readonly reference: SecretReference
  /** Scheme, host and port of who would get it. */
  readonly origin: string
}

export type SecretAnswer =
  | { readonly given: true }
  | {
      readonly given: false
      /** Why, without a full stop. */
      readonly text: string
      readonly nextStep: string
    }

export interface EnginePaths {
  /** Where the setup view writes a new configuration; an existing file is never overwritten. */
  readonly newConfig: string
}

/** Where an engine keeps what outlives it. */
export interface StatePlace {
  /** Floorwatch's state folder; each site has one of its own in it. */
  readonly folder: string
  /** Whether the demo factory's site is kept there too; else in a temporary folder until the engine ends. */
  readonly keepsDemo: boolean
}

export interface EngineOptions {
  /** The site to watch, already loaded; null starts in setup mode. */
  readonly config: SiteConfig | null
  readonly host: EngineHost
  readonly clock: Clock
  readonly logger: Logger
  /** Of Floorwatch, as the status bar shows it. */
  readonly version: string
  readonly paths: EnginePaths
  /** The engine serves one window alone; what it keeps is seen by no other console. */
  readonly alone?: boolean
  /** Nothing is kept where it is absent. */
  readonly state?: StatePlace
  /** The configuration was only found in the working folder where this is false; then edits send no secret elsewhere. */
  readonly configNamed?: boolean
  /** How often the configuration file is looked at, ms; every two seconds where none is given. */
  readonly configLookMs?: number
  /** How long sign-ins last and what a password costs; as documented where none is given. */
  readonly signIn?: { readonly limits?: SignInLimits; readonly passwords?: Passwords }
  /** Check every item against its schema: on where it is not given, unless NODE_ENV is `production`. */
  readonly checkItems?: boolean
}

export interface EngineMetrics {
  readonly cuts: number
  /** Time spent in cuts (evaluating, encoding, sending), ms. */
  readonly cutMs: number
  /** Items that were encoded, once for all screens, in bytes or characters. */
  readonly encoded: number
  readonly sessions: number
}
