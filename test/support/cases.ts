import { readFileSync } from 'node:fs'

/** The text of a case in test/fixtures/cases: inputs that were once got wrong, by their numbers. */
export function caseText(name: string): string {
  return readFileSync(new URL(`../fixtures/cases/${name}`, import.meta.url), 'utf8')
}
