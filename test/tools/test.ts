/**
 * `npm test`: builds, brings the programs that the tests need where it may, runs every suite and ends with one line
 * `N passed, N failed, N skipped` over all of them. What is skipped is named, with why and what would enable it.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findExecutable } from '../support/chromium.ts'
import { electronRuntime, howToGet, PEERS, type Peer, requirement } from '../support/peers.ts'
import { closing, crashed, type Tally } from './tally.ts'

const npm = process.env['npm_execpath']
if (npm === undefined) {
  console.error('Run the tests with `npm test`: it brings the Node that Floorwatch is built for.')
  process.exit(1)
}

bringPeers()
if (run(['run', '--silent', 'build']) !== 0) {
  console.log(closing([crashed('build')]))
  process.exit(1)
}

const folder = mkdtempSync(join(tmpdir(), 'floorwatch-test-'))
const tallies = [
  suite('unit and integration', [
    'exec',
    '--',
    'vitest',
    'run',
    '--reporter=default',
    '--reporter=./test/tools/vitestTally.ts',
  ]),
  suite('end to end', ['exec', '--', 'playwright', 'test']),
]
rmSync(folder, { recursive: true, force: true })
console.log(`\n${closing(tallies)}`)
process.exitCode = tallies.some((tally) => tally.failed > 0) ? 1 : 0

/** Debian as root: apt. Elsewhere: says once what is missing and how to get it; the tests that need it are skipped. */
function bringPeers(): void {
  const missing = Object.values<Peer>(PEERS).filter(
    (peer) => peer.path() === null && peer !== PEERS.victoriaMetrics,
  )
  if (missing.length === 0) return
  const packages = [...new Set(missing.flatMap((peer) => peer.debianPackages))]
  if (process.getuid?.() === 0 && findExecutable(['apt-get']) !== null) {
    console.log(`Installing for the tests: ${packages.join(' ')}`)
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env: environment })
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: environment,
    })
  }
  for (const peer of missing)
    if (peer.path() === null) console.log(`Not here: ${peer.name}. To enable its tests: ${howToGet(peer)}`)
}

function suite(name: string, command: string[]): Tally {
  const path = join(folder, `${name.replaceAll(' ', '-')}.json`)
  const code = run(command, { FLOORWATCH_TALLY: path })
  if (!existsSync(path)) return crashed(name)
  const tally = JSON.parse(readFileSync(path, 'utf8')) as Tally
  // The runner's own word counts too: it may fail for something that no single test shows.
  return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally
}

/** Runs an npm command; the specs of the desktop shell need a display, so Xvfb lends one where there is none. */
function run(command: string[], environment: NodeJS.ProcessEnv = {}): number {
  const env = { ...process.env, ...environment }
  const wantsDisplay =
    command.includes('playwright') &&
    electronRuntime().present &&
    env['DISPLAY'] === undefined &&
    env['WAYLAND_DISPLAY'] === undefined
  const xvfb = requirement('xvfb')
  const prefix = wantsDisplay && xvfb.present ? [xvfb.path, '-a'] : []
  const [program, ...args] = [...prefix, process.execPath, npm as string, ...command] as [string, ...string[]]
  return spawnSync(program, args, { stdio: 'inherit', env }).status ?? 1
}
