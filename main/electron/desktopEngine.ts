import { join } from 'node:path'
import type { MessagePortMain } from 'electron'
import type { FromEngine } from '../engine/hostMessages.ts'
import { startDemoProcess } from './demoProcess.ts'
import { type EngineProcess, startEngineProcess } from './engineProcess.ts'
import { supervise } from './supervisor.ts'

export interface DesktopEngineOptions {
  /** Folder of the build: main/engine-utility.js and main/demo.js stand in it. */
  readonly dist: string
  readonly configPath: string | null
  /** Connect to a demo factory instead, started with the engine. */
  readonly demo: boolean
  readonly version: string
  /** Where the setup view saves a configuration. */
  readonly newConfig: string
  readonly log: (text: string) => void
}

export interface DesktopEngine {
  /** Gives the engine the line of one page. While the engine is down the port is closed, and the page asks again. */
  attach(port: MessagePortMain): void
  stop(): void
}

/** The engine of this desktop: kept running, configured anew after each start, with its demo factory beside it. */
export function createDesktopEngine(options: DesktopEngineOptions): DesktopEngine {
  const { dist, version, log } = options
  /** One demo factory for the life of the shell, however often the engine restarts. */
  let demo: Promise<string> | null = null
  const launchDemo = (): Promise<string> =>
    (demo ??= startDemoProcess(join(dist, 'main', 'demo.js'), () => {
      demo = null
    }))

  function configure(engine: EngineProcess, configPath: string | null): void {
    engine.send({
      type: 'configure',
      configPath,
      version,
      paths: { newConfig: options.newConfig },
    })
  }

  function onMessage(message: FromEngine, engine: EngineProcess): void {
    switch (message.type) {
      case 'ready':
        return
      case 'fatal':
        log(`engine: ${message.text}`)
        return
      case 'demo-request':
        launchDemo().then(
          (configPath) => engine.send({ type: 'demo-ready', id: message.id, configPath }),
          (error: unknown) => engine.send({ type: 'demo-failed', id: message.id, text: textOf(error) }),
        )
    }
  }

  const supervisor = supervise<EngineProcess>({
    start() {
      const engine = startEngineProcess({
        entry: join(dist, 'main', 'engine-utility.js'),
        onMessage,
        onRefused: (reason) => log(`engine: a message was refused (${reason})`),
      })
      if (options.demo) {
        launchDemo().then(
          (configPath) => configure(engine, configPath),
          (error: unknown) => {
            log(`demo factory: ${textOf(error)}`)
            configure(engine, null)
          },
        )
      } else configure(engine, options.configPath)
      return engine
    },
    onLost: ({ reason, failures, delayMs }) =>
      log(`engine: ${reason}; starting it again in ${Math.round(delayMs)} ms (failure ${failures})`),
    now: () => performance.now(),
    random: Math.random,
  })

  return {
    attach(port) {
      const engine = supervisor.child()
      if (engine === null) port.close()
      else engine.send({ type: 'attach', role: 'console' }, [port])
    },
    stop: () => supervisor.stop(),
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
