import type { Tenant } from '../../../../shared/metering/tenants.ts'
import { plural } from '../../../../shared/model/phrases.ts'
import type { Ask, MeteringHttp } from '../transport/http.ts'
import { readerOf } from '../transport/reader.ts'
import { MeteringRefusal } from '../transport/refusal.ts'
import type { NumberedPages } from './numbered.ts'
import { type KeysPage, keysSchema, type Team, teamsListSchema, teamsPageSchema } from './schema.ts'
import { keysOf, tenantOf } from './tenants.ts'

/** The most that LiteLLM gives at once. */
const PAGE = 100
const MOST_TEAM_PAGES = 100
const MOST_KEY_PAGES = 20

type Paging = <P extends { readonly total_pages: number }>(
  what: string,
  most: number,
  ask: (page: number, signal: AbortSignal) => Promise<P>,
  signal: AbortSignal,
) => Promise<NumberedPages<P>>

/** All teams, bounded; versions before 1.60 or so have no pages of them. */
export async function teamsOf(
  http: MeteringHttp,
  paging: Paging,
  signal: AbortSignal,
): Promise<{ readonly tenants: readonly Tenant[]; readonly missing: readonly string[] }> {
  const { pages, isCut } = await teamPages(http, paging, signal)
  const byId = new Map(pages.flatMap(({ teams }) => teams).map((team) => [team.team_id, team]))
  return {
    tenants: [...byId.values()].map(tenantOf),
    missing: isCut ? [`teams beyond the first ${byId.size}, which are all that are read`] : [],
  }
}

async function teamPages(
  http: MeteringHttp,
  paging: Paging,
  signal: AbortSignal,
): Promise<NumberedPages<{ readonly teams: readonly Team[]; readonly total_pages: number }>> {
  const remarks = { remarks: ({ teams }: { readonly teams: readonly Team[] }) => ({ samples: teams.length }) }
  try {
    return await paging(
      'the teams',
      MOST_TEAM_PAGES,
      (page, each) =>
        http.get('/v2/team/list', readerOf(teamsPageSchema), {
          signal: each,
          query: { page, page_size: PAGE },
          ...remarks,
          topic: 'teams',
        }),
      signal,
    )
  } catch (error) {
    if (!(error instanceof MeteringRefusal) || ![404, 405].includes(error.status)) throw error
    const read = readerOf(teamsListSchema)
    const page = await http.get('/team/list', (body) => ({ teams: read(body), total_pages: 1 }), {
      signal,
      ...remarks,
      topic: 'teams',
    } satisfies Ask<{ teams: Team[]; total_pages: number }>)
    return { pages: [page], isCut: false }
  }
}

/** @param now of the proxy, ms */
export async function keysOfTeam(
  http: MeteringHttp,
  paging: Paging,
  team: string,
  now: number,
  signal: AbortSignal,
): Promise<{ readonly keys: ReturnType<typeof keysOf>['keys']; readonly missing: readonly string[] }> {
  const { pages, isCut } = await paging<KeysPage>(
    'the keys',
    MOST_KEY_PAGES,
    (page, each) =>
      http.get('/key/list', readerOf(keysSchema), {
        signal: each,
        query: { team_id: team, return_full_object: 'true', page, size: PAGE },
      }),
    signal,
  )
  const { keys, secrets } = keysOf(
    pages.flatMap((page) => page.keys),
    now,
  )
  return {
    keys,
    missing: [
      ...(isCut ? [`keys beyond the first ${keys.length}, which are all that are read`] : []),
      ...(secrets > 0
        ? [`${plural(secrets, 'key')} that LiteLLM hands out without hashing, so they are not taken over`]
        : []),
    ],
  }
}
