import { loadConfig } from '../../config/load.ts'
import { secretName } from '../../config/secrets.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Logger } from '../../platform/logger.ts'
import { OWN_WINDOW } from '../session/desk.ts'
import { inPlainWords } from '../session/refusal.ts'
import { type ToEngine, toEngineSchema } from '../hostMessages.ts'
import type { Engine, EngineHost, EngineOptions } from '../types.ts'
import type { Shell } from './parentPort.ts'
import { type MessagePortLike, portWire } from './portWire.ts'
import { Questions } from './questions.ts'

export interface UtilityHostOptions {
  readonly shell: Shell
  readonly clock: Clock
  readonly logger: Logger
  readonly createEngine: (options: EngineOptions) => Engine
  /** The engine cannot go on. */
  readonly exit: (code: number) => void
  /** How long the shell may take to start a demo, ms. */
  readonly demoDeadlineMs?: number
}

type DemoAnswer = Extract<ToEngine, { type: 'demo-ready' | 'demo-failed' }>
type Configure = Extract<ToEngine, { type: 'configure' }>

const DEMO_DEADLINE_MS = 30_000
/** A person reads the question and answers it. */
const SECRET_DEADLINE_MS = 120_000

/**
 * Runs an engine for the Electron shell. Ports that arrive before the configuration has been read wait; a message that
 * is not understood is logged and ignored, because the shell and this engine come from one package.
 * @returns closes the engine, if there is one
 */
export function serveShell(options: UtilityHostOptions): { close(): Promise<void> } {
  const { shell, clock, logger, createEngine, exit } = options
  const waiting: { port: MessagePortLike; role: 'console' | 'wall' }[] = []
  const demos = new Questions<DemoAnswer>()
  const secrets = new Questions<boolean>()
  let engine: Engine | null = null
  let configured = false

  const host: EngineHost = {
    async launchDemo() {
      const deadline = options.demoDeadlineMs ?? DEMO_DEADLINE_MS
      const answer = await demos.ask(
        (id) => shell.tell({ type: 'demo-request', id }),
        deadline,
        `The demo factory did not start within ${deadline / 1000} s.`,
      )
      if (answer.type === 'demo-failed') throw new Error(answer.text)
      return answer.configPath
    },
    async allowSecret(use) {
      const given = await secrets
        .ask((id) => shell.tell({ type: 'secret-request', id, use }), SECRET_DEADLINE_MS, 'no answer')
        .catch(() => false)
      if (given) return { given }
      return {
        given,
        text: `${secretName(use.reference)} may not be sent to ${use.origin}`,
        nextStep: 'Try again, and allow it in the question that Floorwatch then puts.',
      }
    },
  }

  async function configure({ configPath, version, paths, state, allowSetup }: Configure): Promise<void> {
    try {
      const config = configPath === null ? null : await loadConfig(configPath)
      engine = createEngine({
        alone: true,
        config,
        host,
        clock,
        logger,
        version,
        paths,
        ...(state ? { state } : {}),
      })
      if (allowSetup === true) engine.unlockSetup()
      for (const { port, role } of waiting.splice(0)) engine.attach(portWire(port), role, OWN_WINDOW)
      shell.tell({ type: 'ready' })
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error)
      logger.error({ err: error }, 'the engine could not start')
      shell.tell({ type: 'fatal', text })
      exit(1)
    }
  }

  shell.onMessage((data, ports) => {
    const parsed = toEngineSchema.safeParse(data)
    if (!parsed.success) {
      logger.warn(`a message of the shell was not understood: ${inPlainWords(parsed.error, 'message')}`)
      return
    }
    const message = parsed.data
    switch (message.type) {
      case 'configure':
        if (configured) logger.warn('the shell configured the engine a second time; the first one holds')
        else void configure(message)
        configured = true
        return
      case 'attach': {
        const port = ports[0]
        if (!port) logger.warn('the shell attached a screen without its port')
        else if (engine) engine.attach(portWire(port), message.role, OWN_WINDOW)
        else waiting.push({ port, role: message.role })
        return
      }
      case 'demo-ready':
      case 'demo-failed':
        demos.answer(message.id, message)
        return
      case 'secret-answer':
        secrets.answer(message.id, message.given)
    }
  })

  return { close: async () => engine?.close() }
}
