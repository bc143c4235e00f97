#!/usr/bin/env node
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { endWith, exitCodeOf } from './children.mjs'
import { decideShell } from './decideShell.mjs'
import { findElectron, installElectron, lastAttempt } from './electronRuntime.mjs'
import { isStale } from './freshness.mjs'
import { isNodeNewEnough, runUnderNewerNode } from './node.mjs'

const SCRIPT = fileURLToPath(import.meta.url)
const ROOT = join(dirname(SCRIPT), '..', '..')

/** @param {string} line */
// Beside what a command prints: `schema > file` holds the schema alone.
const say = (line) => void process.stderr.write(`${line}\n`)

/**
 * `npm start`: builds what changed, then opens the console where it can be opened.
 * @returns {Promise<number>} the exit code
 */
async function main() {
  if (!isNodeNewEnough(process.versions.node)) return runUnderNewerNode(ROOT, SCRIPT)
  const failure = await buildIfStale()
  if (failure !== null) {
    process.stderr.write(`${failure}\n`)
    return 1
  }
  // Bundles are compiled once and kept, which takes a good part off every later start.
  nodeModule.enableCompileCache?.(join(ROOT, 'node_modules', '.cache', 'floorwatch', 'compiled'))
  const cli = await import(pathToFileURL(join(ROOT, 'dist', 'main', 'cli.js')).href)
  const words = process.argv.slice(2)
  let invocation
  try {
    invocation = cli.parseArguments(words)
  } catch {
    // It tells the slip in its own words.
    return cli.runLine(words)
  }
  // Who wants nothing opened wants no window either.
  if (invocation.command !== 'start' || (!invocation.open && invocation.engine === null)) {
    return cli.run(invocation)
  }

  const opened = await shell()
  if ('runtime' in opened) return openWindow(opened, words)
  if (invocation.engine !== null) {
    process.stderr.write(
      `${opened.why}\n--engine needs a window of its own. In a browser, open the "browser" address that serve printed.\n`,
    )
    return 1
  }
  return cli.run(invocation, opened.why)
}

/**
 * Builds in a process of its own: the tools take half a gigabyte, which a console that runs for months need not carry.
 * @returns {Promise<string | null>} why there is nothing to start
 */
async function buildIfStale() {
  if (!isStale(ROOT)) return null
  if (!existsSync(join(ROOT, 'node_modules', 'vite'))) {
    return 'Floorwatch has to be built first, and its tools are not installed. Run: npm ci'
  }
  say('Building Floorwatch ...')
  const builder = spawn(process.execPath, [join(ROOT, 'main', 'launch', 'build.mjs'), '--if-stale'], {
    stdio: ['inherit', 2, 'inherit'],
    windowsHide: true,
  })
  return (await exitCodeOf(builder)) === 0 ? null : 'Floorwatch could not be built; the reason stands above.'
}

/** @returns {Promise<{ runtime: string, noSandbox: boolean } | { why: string }>} */
async function shell() {
  const { platform, env } = process
  const circumstances = {
    platform,
    ...findElectron(ROOT),
    shellBuilt: existsSync(join(ROOT, 'dist', 'electron', 'main.js')),
    display: platform !== 'linux' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']),
    root: process.getuid?.() === 0,
    allowRoot: env['FLOORWATCH_ALLOW_ROOT'] === '1',
    lastAttempt: lastAttempt(ROOT),
    now: Date.now(),
  }
  const decision = decideShell(circumstances)
  if (decision.shell === 'electron') return decision
  if (decision.shell === 'serve') return { why: decision.why }
  const installed = await installElectron(ROOT, say)
  if ('why' in installed) return installed
  const noSandbox = platform === 'linux' && circumstances.root
  return { runtime: installed.runtime, noSandbox }
}

/**
 * @param {{ runtime: string, noSandbox: boolean }} opened
 * @param {string[]} words
 */
function openWindow({ runtime, noSandbox }, words) {
  const own = words[0] === 'start' ? words.slice(1) : words
  const env = { ...process.env }
  // Set where this runs inside an Electron terminal (VS Code): it would make the window a plain Node.
  delete env['ELECTRON_RUN_AS_NODE']
  // Electron before 38 looks for X11 even where Wayland is all there is.
  const wayland = process.platform === 'linux' && !env['DISPLAY'] && Boolean(env['WAYLAND_DISPLAY'])
  const args = [
    ...(noSandbox ? ['--no-sandbox'] : []),
    ...(wayland ? ['--ozone-platform=wayland'] : []),
    ROOT,
    ...own,
  ]
  return endWith(spawn(runtime, args, { stdio: 'inherit', env, windowsHide: false }))
}

process.exitCode = await main()
// Whatever a library left open must not keep the terminal; everything of ours is closed by now.
process.exit()
