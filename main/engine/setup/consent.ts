import { isAbsolute } from 'node:path'
import type { SecretReference } from '../../../shared/contract/console.ts'
import { secretName } from '../../config/secrets.ts'
import type { EngineHost, SecretAnswer, SecretUse } from '../types.ts'

const LONGEST_PATH = 500
/** Uses that are remembered; a setup needs one or two. */
const MOST_REMEMBERED = 64

/**
 * Screens name secrets and addresses; whoever runs the engine decides which secret goes where. Nothing of a secret is
 * looked at before that, not even whether it is there.
 */
export class SecretConsent {
  readonly #host: EngineHost
  readonly #given = new Set<string>()

  constructor(host: EngineHost) {
    this.#host = host
  }

  /** @param address of the server that would get it: its scheme, host and port count */
  async ask(reference: SecretReference, address: string): Promise<SecretAnswer> {
    const flaw = 'file' in reference ? flawOf(reference.file) : null
    if (flaw !== null) return refused(flaw, 'Give the whole path of the file, such as /etc/floorwatch/token.')
    const use: SecretUse = { reference, origin: new URL(address).origin }
    const key = JSON.stringify(use)
    if (this.#given.has(key)) return { given: true }
    if (this.#host.allowSecret === undefined) {
      return refused(
        `${secretName(reference)} may not be sent to ${use.origin}: there is no one to ask for consent`,
        'Write floorwatch.yaml by hand and start Floorwatch with --config.',
      )
    }
    const answer = await this.#host.allowSecret(use)
    if (answer.given && this.#given.size < MOST_REMEMBERED) this.#given.add(key)
    return answer
  }
}

/** A path that reads otherwise than it is would have something else allowed than what is sent. */
function flawOf(path: string): string | null {
  if (!isAbsolute(path)) return 'this is not a whole path, and it depends on the folder which file it means'
  if (path.length > LONGEST_PATH) return `this path has more than ${LONGEST_PATH} characters`
  return /^[\p{L}\p{N}\p{P}\p{S} ]+$/u.test(path) ? null : 'this path has characters that cannot be shown'
}

function refused(text: string, nextStep: string): SecretAnswer {
  return { given: false, text, nextStep }
}
