import type { MessagePortMain } from 'electron'
import { fromEngineSchema, type FromEngine, type ToEngine } from '../engine/hostMessages.ts'
import type { Fork } from './childProcess.ts'
import type { Child } from './supervisor.ts'

/** The engine in its utility process, spoken to with validated messages. */
export interface EngineProcess extends Child {
  send(message: ToEngine, ports?: MessagePortMain[]): void
}

export interface EngineProcessOptions {
  readonly fork: Fork
  /** Path of the built engine entry. */
  readonly entry: string
  readonly onMessage: (message: FromEngine, engine: EngineProcess) => void
  /** A message that the schema refuses: a bug or a foreign build, never acted upon. */
  readonly onRefused: (reason: string) => void
}

export function startEngineProcess(options: EngineProcessOptions): EngineProcess {
  const child = options.fork(options.entry, 'Floorwatch engine')
  const engine: EngineProcess = {
    onExit: (listener) => void child.once('exit', listener),
    kill: () => void child.kill(),
    send: (message, ports = []) => child.postMessage(message, ports),
  }
  child.on('message', (message) => {
    const parsed = fromEngineSchema.safeParse(message)
    if (parsed.success) options.onMessage(parsed.data, engine)
    else
      options.onRefused(
        parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
      )
  })
  return engine
}
