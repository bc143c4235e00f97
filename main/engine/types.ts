import type { Wire } from '../../shared/contract/wire.ts'

/** The engine's public face: all that a host (Electron's utility process, the HTTP host, a test) may use. */
export interface Engine {
  /** Serves one screen over one wire until it closes. */
  attach(wire: Wire, role: 'console' | 'wall'): void
  /** Stops polling, ends sessions, releases sockets; resolves when nothing is left running. */
  close(): Promise<void>
}

/** What the engine needs from its host. */
export interface EngineHost {
  /** Starts a demo factory process and resolves with the path of the floorwatch.yaml that describes it. */
  launchDemo(): Promise<string>
}
