import type { MessagePortMain } from 'electron'

/** As much of Electron's UtilityProcess as the shell uses; a stand-in in tests. */
export interface ChildProcess {
  on(event: 'message', listener: (message: unknown) => void): unknown
  once(event: 'exit', listener: (code: number) => void): unknown
  postMessage(message: unknown, transfer?: MessagePortMain[]): void
  kill(): boolean
}

type Environment = Readonly<Record<string, string>>

/**
 * Starts a built entry in a process of its own. A packaged shell cannot run itself as plain Node (that fuse is off), so
 * `utilityProcess.fork` is the way and `child_process.fork` is not.
 * @param name for the system's list of processes
 * @param environment the shell's own where none is given
 */
export type Fork = (entry: string, name: string, environment?: Environment) => ChildProcess
