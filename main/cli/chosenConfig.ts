import { createInterface } from 'node:readline/promises'
import { loadConfig } from '../config/load.ts'
import { locate, type LocatePlaces } from '../config/locate.ts'
import { accept, describeRoutes, isAccepted, refuseForeign, secretRoutes } from '../config/trust.ts'
import type { SiteConfig } from '../config/types.ts'
import type { Output } from './surroundings.ts'

/** Asks the person at the terminal a question; null where there is no terminal. */
export type AskPerson = ((question: string) => Promise<boolean>) | null

/**
 * The configuration that was named, or found; null where there is none. One that was found in the working folder is
 * named aloud, and used with its secrets only once the person has accepted where they go.
 * @throws ConfigError for one that is refused, Error with a sentence where it was not accepted
 */
export async function chosenConfig(
  named: string | null,
  places: LocatePlaces,
  output: Output,
  ask: AskPerson = terminalQuestion(),
): Promise<SiteConfig | null> {
  const located = locate(named ?? undefined, places)
  if (located === null) return null
  if (located.found === 'folder') refuseForeign(located.path)
  const config = await loadConfig(located.path)
  if (located.found !== 'folder') return config

  output.err(`Using ${located.path}, found in the working folder.`)
  const routes = secretRoutes(config)
  if (routes.length === 0 || isAccepted(config, places)) return config
  output.err('This configuration was found in the working folder, not named with --config. It sends:')
  for (const line of describeRoutes(routes)) output.err(`  ${line}`)
  if (ask === null) {
    throw new Error(
      `${located.path} sends secrets and was only found. If that is right, name it: --config ${located.path}`,
    )
  }
  if (!(await ask('Is that right? Type yes to use it from now on: '))) {
    throw new Error(`${located.path} is not used. Another one is named with --config FILE.`)
  }
  await accept(config, places)
  return config
}

function terminalQuestion(): AskPerson {
  const { stdin, stderr } = process
  if (!stdin.isTTY || !stderr.isTTY) return null
  return async (question) => {
    const lines = createInterface({ input: stdin, output: stderr })
    const given = new AbortController()
    // Ctrl-C does not reach the process while a line is edited.
    lines.once('SIGINT', () => given.abort())
    try {
      return (await lines.question(question, given)).trim().toLowerCase() === 'yes'
    } catch {
      return false
    } finally {
      lines.close()
    }
  }
}
