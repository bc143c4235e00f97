import { randomInt } from 'node:crypto'
import { secretName } from '../config/secrets.ts'
import type { SecretAnswer, SecretUse } from '../engine/index.ts'

export interface TerminalConsentOptions {
  /** What was allowed on the command line. */
  readonly allowed: readonly SecretUse[]
  /** Somebody can type at this terminal. */
  readonly interactive: boolean
  readonly say: (line: string) => void
  /** Of four characters; random where none is given. */
  readonly newCode?: () => string
}

/** Questions that wait at once; the one at the terminal answers one or two. */
const MOST_WAITING = 8
/** Without those that look alike. */
const LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'

/**
 * Whoever runs the engine at a terminal decides which secret a screen may send where. The code that is typed stands on
 * the screen that asked, too, so that a question of somebody else is not answered by mistake.
 */
export class TerminalConsent {
  readonly #options: TerminalConsentOptions
  readonly #allowed: Set<string>
  /** By code. */
  readonly #waiting = new Map<string, SecretUse>()

  constructor(options: TerminalConsentOptions) {
    this.#options = options
    this.#allowed = new Set(options.allowed.map(keyOf))
  }

  ask(use: SecretUse): SecretAnswer {
    if (this.#allowed.has(keyOf(use))) return { given: true }
    const { reference, origin } = use
    const what = secretName(reference)
    if (!this.#options.interactive) {
      const value = 'env' in reference ? reference.env : reference.file
      return {
        given: false,
        text: `whoever runs Floorwatch has not allowed to send the ${what} to ${origin}`,
        nextStep: `Start Floorwatch with --allow-secret "${value}=${origin}", or write floorwatch.yaml by hand.`,
      }
    }
    const code = this.#codeOf(use)
    if (code === null) {
      return {
        given: false,
        text: `too many questions wait at the terminal`,
        nextStep: 'Answer them at the terminal that runs Floorwatch, then test again.',
      }
    }
    return {
      given: false,
      text: `whoever runs Floorwatch must first allow to send the ${what} to ${origin}`,
      nextStep: `Type "allow ${code}" and Enter at the terminal that runs Floorwatch, then test again.`,
    }
  }

  /** A line that was typed. @returns whether it was an answer */
  typed(line: string): boolean {
    const [word, code = ''] = line.trim().split(/\s+/)
    if (word !== 'allow') return false
    const use = this.#waiting.get(code.toUpperCase())
    if (use === undefined) {
      this.#options.say('No question has this code.')
      return true
    }
    this.#waiting.delete(code.toUpperCase())
    this.#allowed.add(keyOf(use))
    this.#options.say(`Allowed: ${secretName(use.reference)} to ${use.origin}. Test again on the screen.`)
    return true
  }

  #codeOf(use: SecretUse): string | null {
    const key = keyOf(use)
    for (const [code, waiting] of this.#waiting) if (keyOf(waiting) === key) return code
    if (this.#waiting.size >= MOST_WAITING) return null
    const { newCode = randomCode, say } = this.#options
    const code = newCode()
    this.#waiting.set(code, use)
    say(`A console wants to send the ${secretName(use.reference)}`)
    say(`  to ${use.origin}`)
    say(`  If that is you, type: allow ${code}`)
    return code
  }
}

function keyOf({ reference, origin }: SecretUse): string {
  return JSON.stringify([secretName(reference), origin])
}

function randomCode(): string {
  return Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('')
}
