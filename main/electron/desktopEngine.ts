import { join } from 'node:path'
import type { FromEngine } from '../engine/hostMessages.ts'
import type { SecretUse, StatePlace } from '../engine/types.ts'
import type { Fork } from './childProcess.ts'
import { type DemoProcess, startDemoProcess } from './demoProcess.ts'
import { type EngineProcess, startEngineProcess } from './engineProcess.ts'
import { endPort, type Lines } from './lines.ts'
import { supervise } from './supervisor.ts'

export interface DesktopEngineOptions {
  readonly fork: Fork
  /** Folder of the build: main/engine-utility.js and main/demo.js stand in it. */
  readonly dist: string
  readonly configPath: string | null
  /** Connect to a demo factory instead, started with the engine. */
  readonly demo: boolean
  readonly version: string
  /** Where the setup view saves a configuration. */
  readonly newConfig: string
  /** Where the engine keeps what outlives it. */
  readonly state: StatePlace
  readonly log: (text: string) => void
  /** The setup takes changes for a while although a site is configured. */
  readonly allowSetup?: boolean
  /** Asks the person at this desktop, outside of any page, whether a secret may go to an address. */
  readonly askSecret?: (use: SecretUse) => Promise<boolean>
}

/** The engine of this desktop: kept running, configured again after each start, with its demo factory beside it. */
export function createDesktopEngine(options: DesktopEngineOptions): Lines {
  const { fork, dist, version, log } = options
  /** One demo factory for the life of the window, however often the engine restarts. */
  let demo: DemoProcess | null = null
  /** One question at a time: a page that asks for many must not bury the desktop in windows. */
  let asking = false
  /** What the engine said before it ended; the next one starts without a past. */
  let lastWords: string | null = null
  /** Why there is no engine now. */
  let down = 'It is being started.'

  function launchDemo(): Promise<string> {
    if (demo === null) {
      const started = startDemoProcess(fork, join(dist, 'main', 'demo.js'))
      demo = started
      started.onEnded(() => {
        if (demo === started) demo = null
      })
    }
    return demo.ready
  }

  function configure(engine: EngineProcess, configPath: string | null): void {
    // An engine that has ended meanwhile hears nothing, and its successor is configured for itself.
    engine.send({
      type: 'configure',
      configPath,
      version,
      paths: { newConfig: options.newConfig },
      state: options.state,
      ...(options.allowSetup === true ? { allowSetup: true } : {}),
    })
  }

  function configureDemo(engine: EngineProcess): void {
    launchDemo().then(
      (configPath) => configure(engine, configPath),
      (error: unknown) => {
        log(`demo factory: ${textOf(error)}`)
        // The setup opens, where the demo can be asked for again.
        configure(engine, null)
      },
    )
  }

  async function askSecret(use: SecretUse): Promise<boolean> {
    if (asking || options.askSecret === undefined) return false
    asking = true
    try {
      return await options.askSecret(use)
    } catch (error) {
      log(`question about a secret: ${textOf(error)}`)
      return false
    } finally {
      asking = false
    }
  }

  function onMessage(message: FromEngine, engine: EngineProcess): void {
    switch (message.type) {
      case 'ready':
        lastWords = null
        return
      case 'fatal':
        lastWords = message.text
        log(`engine: ${message.text}`)
        return
      case 'demo-request':
        launchDemo().then(
          (configPath) => engine.send({ type: 'demo-ready', id: message.id, configPath }),
          (error: unknown) => engine.send({ type: 'demo-failed', id: message.id, text: textOf(error) }),
        )
        return
      case 'secret-request':
        void askSecret(message.use).then((given) =>
          engine.send({ type: 'secret-answer', id: message.id, given }),
        )
    }
  }

  const supervisor = supervise<EngineProcess>({
    start() {
      const engine = startEngineProcess({
        fork,
        entry: join(dist, 'main', 'engine-utility.js'),
        onMessage,
        onRefused: (reason) => log(`engine: a message was refused (${reason})`),
      })
      if (options.demo) configureDemo(engine)
      else configure(engine, options.configPath)
      return engine
    },
    onLost: ({ reason, failures, delayMs }) => {
      down =
        lastWords === null
          ? `The engine of this window has stopped (${reason}) and is started again.`
          : `It ended while it started: ${lastWords}`
      lastWords = null
      log(`engine: ${reason}; starting it again in ${Math.round(delayMs)} ms (failure ${failures})`)
    },
    now: () => performance.now(),
    random: Math.random,
  })

  return {
    attach(port) {
      const engine = supervisor.child()
      if (engine === null) endPort(port, down)
      else engine.send({ type: 'attach', role: 'console' }, [port])
    },
    readdress: () => undefined,
    async stop() {
      supervisor.stop()
      await demo?.stop()
    },
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
