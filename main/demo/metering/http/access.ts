import { createHash, timingSafeEqual } from 'node:crypto'
import { ProblemError } from './handler.ts'

/** Who may ask, and how often. */
export interface Access {
  /**
   * The owner of the bearer token in an Authorization header.
   * @throws ProblemError 401 without a known one, 429 where its owner asks too often
   */
  actorOf(authorization: string | undefined): string
}

/** So many calls at once, and so many a second in the long run. */
export interface Allowance {
  readonly burst: number
  readonly perSecond: number
}

/** Far above what any console asks; a loop that has gone wild notices. */
export const USUAL_ALLOWANCE: Allowance = { burst: 500, perSecond: 200 }

/**
 * @param tokens owner by token
 * @param clock monotonic ms of real time: a hasty client is hasty whatever time the factory simulates
 */
export function createAccess(
  tokens: ReadonlyMap<string, string>,
  { burst, perSecond }: Allowance,
  clock: () => number,
): Access {
  const owners = [...tokens].map(([token, actor]) => ({ digest: digest(token), actor }))
  const buckets = new Map(owners.map(({ actor }) => [actor, { left: burst, at: clock() }]))

  return {
    actorOf(authorization) {
      const [, token = ''] = /^Bearer +([\w~+/.-]+=*) *$/i.exec(authorization ?? '') ?? []
      // Every token is compared, in constant time: how long it takes says nothing about how near a guess was.
      const given = digest(token)
      const actor = owners.reduce<string | undefined>(
        (found, owner) => (timingSafeEqual(owner.digest, given) ? owner.actor : found),
        undefined,
      )
      const bucket = buckets.get(actor ?? '')
      if (actor === undefined || bucket === undefined) {
        throw new ProblemError(
          'unauthorised',
          token === ''
            ? 'Send "Authorization: Bearer …" with the token that was given to you.'
            : 'This token is not known here, or no longer.',
          'header.Authorization',
        )
      }
      bucket.left = Math.min(burst, bucket.left + ((clock() - bucket.at) / 1000) * perSecond)
      bucket.at = clock()
      if (bucket.left < 1) {
        throw new ProblemError(
          'rate-limited',
          `More than ${perSecond} calls a second. Ask again after a pause.`,
        )
      }
      bucket.left -= 1
      return actor
    },
  }
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
