import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  cpSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page, test } from '@playwright/test'
import { electronRuntime, requirement } from '../../support/peers.ts'

const ROOT = join(import.meta.dirname, '../../..')

/** Skips the whole file, by name, where no real Electron or no display for it is to be had. */
export function needsDesktop(): void {
  const [runtime, xvfb] = [electronRuntime(), requirement('xvfb')]
  test.skip(!runtime.present, runtime.reason)
  test.skip(!xvfb.present, xvfb.reason)
}

export interface Desktop {
  /** Of the shell, with nothing in it. */
  readonly home: string
  /** Starts the shell as it is installed and waits for its first window. */
  open(args?: readonly string[], change?: OpenOptions): Promise<Shell>
  /** Starts it and waits until it has ended: a second instance, a slip on the command line. */
  run(args: readonly string[]): Promise<{ code: number | null; output: string }>
  close(): Promise<void>
}

export interface OpenOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Let the runtime load the folder of the repository, as `npm start` does, instead of an installed program. */
  readonly fromFolder?: boolean
  /** Replaces the built engine. */
  readonly engineEntry?: string
}

export interface Shell {
  readonly app: ElectronApplication
  readonly page: Page
  /** Everything that it wrote to its terminal. */
  log(): string
  close(): Promise<void>
}

const WINDOW_WITHIN_MS = 30_000

/**
 * A display and a home of its own for the shell, so that a test neither shows on the screen of whoever runs it nor finds
 * their configuration. The runtime is laid out as an installed program: links to its files, ours in resources/app.
 */
export async function startDesktop(): Promise<Desktop> {
  const folder = mkdtempSync(join(tmpdir(), 'floorwatch-desktop-'))
  const display = await startDisplay()
  const home = join(folder, 'home')
  mkdirSync(home)
  const { FLOORWATCH_CONFIG: _c, ELECTRON_RUN_AS_NODE: _e, WAYLAND_DISPLAY: _w, ...inherited } = process.env
  const environment = {
    ...(inherited as Record<string, string>),
    DISPLAY: display.name,
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    TMPDIR: folder,
  }
  const installed = install(join(folder, 'installed'), null)
  const shells = new Set<Shell>()
  // Browser engines refuse their sandbox to root (containers, CI); the pages' own sandbox option is asserted apart.
  const flags = process.getuid?.() === 0 ? ['--no-sandbox'] : []

  async function open(args: readonly string[] = [], change: OpenOptions = {}): Promise<Shell> {
    const { env = {}, fromFolder = false, engineEntry } = change
    const program =
      engineEntry === undefined ? installed : install(mkdtempSync(`${folder}/own-`), engineEntry)
    let output = ''
    const app = await launch({
      executablePath: fromFolder ? join(electronRuntime().path, 'electron') : program,
      args: [...flags, ...(fromFolder ? [ROOT] : []), ...args],
      cwd: home,
      env: { ...environment, ...env },
    })
    for (const stream of [app.process().stdout, app.process().stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-20_000)))
    const page = await app.firstWindow({ timeout: WINDOW_WITHIN_MS })
    const shell: Shell = {
      app,
      page,
      log: () => output,
      async close() {
        if (shells.delete(shell)) await app.close()
      },
    }
    shells.add(shell)
    return shell
  }

  return {
    home,
    open,
    async run(args) {
      const child = spawn(installed, [...flags, ...args], { cwd: home, env: environment })
      let output = ''
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => (output += text))
      const late = setTimeout(() => child.kill('SIGKILL'), WINDOW_WITHIN_MS)
      const [code] = (await once(child, 'exit')) as [number | null]
      clearTimeout(late)
      return { code, output }
    },
    async close() {
      for (const shell of shells) await shell.close()
      await display.stop()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

type LaunchOptions = NonNullable<Parameters<typeof _electron.launch>[0]>

/** Playwright now and then misses the runtime's first target and waits for it until its deadline; then once more. */
async function launch(options: LaunchOptions): Promise<ElectronApplication> {
  try {
    return await _electron.launch({ ...options, timeout: WINDOW_WITHIN_MS / 2 })
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'TimeoutError') throw error
    return _electron.launch({ ...options, timeout: WINDOW_WITHIN_MS })
  }
}

/** @returns the executable */
function install(folder: string, engineEntry: string | null): string {
  const runtime = electronRuntime().path
  const app = join(folder, 'resources', 'app')
  mkdirSync(app, { recursive: true })
  for (const name of readdirSync(runtime)) {
    if (name === 'resources') continue
    const [from, to] = [join(runtime, name), join(folder, name)]
    // The executable finds its resources beside its real path, so a symbolic link would lead back to the runtime.
    if (name === 'electron') linkOrCopy(from, to)
    else symlinkSync(from, to)
  }
  copyFileSync(join(ROOT, 'package.json'), join(app, 'package.json'))
  cpSync(join(ROOT, 'dist'), join(app, 'dist'), { recursive: true })
  if (engineEntry !== null) copyFileSync(engineEntry, join(app, 'dist', 'main', 'engine-utility.js'))
  return join(folder, 'electron')
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch {
    copyFileSync(from, to)
  }
}

interface Display {
  readonly name: string
  stop(): Promise<void>
}

/** An X server that chooses a free number for itself. */
async function startDisplay(): Promise<Display> {
  const child: ChildProcess = spawn(
    'Xvfb',
    ['-displayfd', '1', '-screen', '0', '1920x1080x24', '-nolisten', 'tcp'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  const number = await new Promise<string>((resolve, reject) => {
    child.stdout?.setEncoding('utf8').once('data', (text: string) => resolve(text.trim()))
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`Xvfb ended with code ${code}`)))
  })
  return {
    name: `:${number}`,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

/** Process ids of the shell's children by the name that it gave them. */
export function processIds(shell: Shell, name: string): Promise<number[]> {
  return shell.app.evaluate(
    ({ app }, wanted) =>
      app
        .getAppMetrics()
        .filter(({ serviceName, name }) => serviceName === wanted || name === wanted)
        .map(({ pid }) => pid),
    name,
  )
}

/** Whether a process is there and not only waiting for its parent to ask how it ended. */
export function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
