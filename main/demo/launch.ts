import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { leanEnvironment } from '../platform/leanEnvironment.ts'

export interface LaunchOptions {
  /** The demo's entry file: main/demo/main.ts, or what a bundler made of it. */
  readonly entry: string | URL
  /** In the words of the command line, see options.ts. */
  readonly args?: readonly string[]
  /** How long it may take to be ready, ms. */
  readonly deadlineMs?: number
  /** Called when the demo ends although it was not stopped. */
  readonly onExit?: (reason: string) => void
}

/** A demo factory in a process of its own. */
export interface LaunchedDemo {
  readonly configPath: string
  readonly control: string
  readonly targets: number
  readonly pid: number
  /** Ends it and waits until it is gone; it removes its temporary files. May be called twice. */
  stop(): Promise<void>
}

const DEADLINE_MS = 10_000
const GRACE_MS = 3000
/** What is kept of the child's error output for the message. */
const MAX_ERROR_TEXT = 2000

/**
 * Starts the demo factory beside this process. It ends with this process, whatever happens to it.
 * @throws Error that says why the demo did not start, with the first line of what it printed
 */
export async function launchDemo(options: LaunchOptions): Promise<LaunchedDemo> {
  const { entry, args = [], deadlineMs = DEADLINE_MS } = options
  const path = typeof entry === 'string' ? entry : fileURLToPath(entry)
  const child = fork(path, [...args], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // Not ours: a debugger's port, for one, cannot be had twice.
    execArgv: [],
    env: leanEnvironment(),
  })
  const gone = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal === null ? `code ${code}` : `signal ${signal}`))
    child.once('error', (error) => resolve(error.message))
  })
  let errors = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(0, MAX_ERROR_TEXT)
  })

  const outcome = await Promise.race([
    readiness(child),
    gone.then(
      (how) => new Error(`The demo factory ended before it was ready (${how}). ${firstLine(errors)}`),
    ),
    after(
      deadlineMs,
      () => `The demo factory was not ready after ${deadlineMs / 1000} s. ${firstLine(errors)}`,
    ),
  ])
  if (outcome instanceof Error) {
    child.kill('SIGKILL')
    throw outcome
  }

  let stopping = false
  child.once('exit', () => {
    if (!stopping) options.onExit?.(`The demo factory ended by itself. ${firstLine(errors)}`.trim())
  })
  return {
    ...outcome,
    pid: child.pid ?? -1,
    async stop() {
      stopping = true
      // Hanging up lets it tidy, on every system; a signal would end it at once on Windows.
      if (child.connected) child.disconnect()
      const left = await Promise.race([gone, after(GRACE_MS, () => 'still there')])
      if (left instanceof Error) child.kill('SIGKILL')
      await gone
    },
  }
}

interface Ready {
  readonly configPath: string
  readonly control: string
  readonly targets: number
}

function readiness(child: ChildProcess): Promise<Ready> {
  return new Promise((resolve) => {
    child.on('message', (message: unknown) => {
      if (isReady(message)) {
        const { configPath, control, targets } = message
        resolve({ configPath, control, targets })
      }
    })
  })
}

function isReady(message: unknown): message is Ready {
  if (typeof message !== 'object' || message === null) return false
  const { configPath, control, targets } = message as Record<string, unknown>
  return typeof configPath === 'string' && typeof control === 'string' && typeof targets === 'number'
}

/** Resolves, so that a lost race leaves no unhandled rejection; the timer keeps nothing alive. */
function after(ms: number, text: () => string): Promise<Error> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(new Error(text().trim())), ms).unref()
  })
}

function firstLine(text: string): string {
  return text.split('\n').find((line) => line.trim() !== '') ?? ''
}
