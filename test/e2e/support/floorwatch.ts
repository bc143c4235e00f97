import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const START = join(import.meta.dirname, '../../../main/launch/start.mjs')
const USUAL_READY_MS = 15_000

export interface RunningConsole {
  /** Admits one browser, once. */
  readonly consoleUrl: string
  /** Admits any number of read-only browsers. */
  readonly wallUrl: string
  /** For `floorwatch --engine`. */
  readonly attachUrl: string
  /** A home of its own, so that no configuration of the person who runs the tests is found. */
  readonly home: string
  readonly pid: number
  /** Ends it and leaves its home, for another start there. */
  end(): Promise<void>
  /** Ends it and removes its home. */
  stop(): Promise<void>
}

export interface StartOptions {
  /** Of an earlier start; left out, one of its own. */
  readonly home?: string
  /** How long it may take until it has printed its addresses, ms. */
  readonly readyMs?: number
}

/** Starts `floorwatch serve` with these arguments, as a person would, and reads the addresses it prints. */
export async function startConsole(
  args: readonly string[] = [],
  { home = mkdtempSync(join(tmpdir(), 'floorwatch-e2e-')), readyMs = USUAL_READY_MS }: StartOptions = {},
): Promise<RunningConsole> {
  const { FLOORWATCH_CONFIG: _, ...environment } = process.env
  const child = spawn(process.execPath, [START, 'serve', '--no-open', ...args], {
    cwd: home,
    env: {
      ...environment,
      HOME: home,
      XDG_CONFIG_HOME: join(home, '.config'),
      APPDATA: home,
      FLOORWATCH_STATE: join(home, 'state'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const text = await printedUntil(child, 'Ctrl-C ends it.', readyMs)
  const address = (name: string) => {
    const found = new RegExp(`^ {2}${name} .*?(http://[^\\s"]+)`, 'm').exec(text)?.[1]
    if (found === undefined) throw new Error(`serve printed no address for ${name}:\n${text}`)
    return found
  }
  const end = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  return {
    consoleUrl: address('browser'),
    wallUrl: address('wall'),
    attachUrl: attachUrlIn(text),
    home,
    pid: child.pid ?? 0,
    end,
    async stop() {
      await end()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** The engine's address with the token of the file that the "desktop" line names. */
export function attachUrlIn(text: string): string {
  const [, engine, file] = /^ {2}desktop .*--engine (\S+) --token-file (\S+)$/m.exec(text) ?? []
  if (engine === undefined || file === undefined)
    throw new Error(`serve printed no line for the desktop:\n${text}`)
  return `${engine}/?token=${readFileSync(file, 'utf8').trim()}`
}

function printedUntil(child: ChildProcess, last: string, readyMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let out = ''
    let err = ''
    const timer = setTimeout(
      () => reject(new Error(`serve was not ready within ${readyMs} ms:\n${out}${err}`)),
      readyMs,
    )
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      out += chunk
      if (!out.includes(last)) return
      clearTimeout(timer)
      resolve(out)
    })
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (err = (err + chunk).slice(-4000)))
    child.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`serve ended with code ${code}:\n${out}${err}`))
    })
  })
}
