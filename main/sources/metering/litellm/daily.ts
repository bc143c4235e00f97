import { AbilityMissing, type UsageQuestion } from '../types.ts'
import type { UsageTable } from '../../../core/tokens/types.ts'
import type { UsageSteps } from '../usage/steps.ts'
import { daysOf, type DaysRead, tableOfDays } from './days.ts'
import type { DailyAnswers } from './dailyAnswers.ts'
import type { Daily } from './schema.ts'

/** LiteLLM writes its totals in batches, with some seconds between. */
export const DAILY_LAG_MS = 60_000
/** Each is a question of its own. */
const MOST_TEAMS = 20

export interface DailyAsking {
  /** Of the proxy; '' where it does not say. */
  version(signal: AbortSignal): Promise<string>
  /** Where totals by day come from. */
  readonly answers: DailyAnswers
  /** Ids of all teams. */
  teams(signal: AbortSignal): Promise<readonly string[]>
  /** On the proxy's clock, ms. */
  now(): number
}

const TEAMS = '/team/daily/activity'
const ALL = '/user/daily/activity'

/**
 * Usage of whole days of UTC, which LiteLLM adds up itself. Its table of teams leaves out requests without a team, and
 * its table of users has everything; the difference is what had no team.
 * @throws AbilityMissing for what these tables cannot be asked
 */
export async function dailyUsage(
  asking: DailyAsking,
  question: UsageQuestion,
  steps: UsageSteps,
  signal: AbortSignal,
): Promise<UsageTable> {
  const { start, end } = daysOf(steps)
  const missing: string[] = []
  const doubts = new Set<string>()
  const read = async (path: string, team: string | null): Promise<DaysRead> => {
    const query = { start_date: start, end_date: end, ...(team === null ? {} : { team_ids: team }) }
    const suits = path === TEAMS && team === null ? tellsTeams : undefined
    const answer = await asking.answers.read(path, query, signal, suits)
    const { days, isCut } = answer
    for (const doubt of answer.doubts) doubts.add(doubt)
    const oldest = days.reduce(
      (least, { date }) => Math.min(least, Date.parse(date)),
      Number.POSITIVE_INFINITY,
    )
    const cutAt = isCut && Number.isFinite(oldest) ? oldest : null
    if (cutAt !== null) {
      missing.push(
        `days up to ${new Date(cutAt).toISOString().slice(0, 10)}, which are more than is read at once`,
      )
    }
    return { team, days, cutAt }
  }
  const plan = planOf(question)
  const teams = plan.each ? (plan.teams ?? (await asking.teams(signal))) : []
  if (teams.length > MOST_TEAMS) throw tooManyTeams(teams.length)
  const [parts, all] = await Promise.all([
    plan.each
      ? Promise.all(teams.map((team) => read(TEAMS, team)))
      : read(plan.path, null).then((part) => [part]),
    plan.teamless === 'rest' ? read(ALL, null) : null,
  ])
  if (plan.teamless === 'untold') missing.push('requests without a team')
  const dataAsOf = asking.now() - DAILY_LAG_MS
  return tableOfDays(
    question,
    steps,
    { parts, all },
    {
      dataAsOf,
      missing: [...new Set(missing)],
      doubts: [...doubts],
      hasEstimates: writesEstimates(await asking.version(signal)),
    },
  )
}

/** Since 1.87 failed requests have an estimate of their input; a version that is not told may be one of those. */
function writesEstimates(version: string): boolean {
  const [major = Number.NaN, minor = Number.NaN] = version.split('.').map(Number)
  return !(major < 1 || (major === 1 && minor < 87))
}

/** Some versions add days up without telling their teams. */
function tellsTeams({ results }: Daily): boolean {
  return results.every(
    ({ metrics, breakdown }) =>
      metrics.prompt_tokens + metrics.completion_tokens === 0n || Object.keys(breakdown.entities).length > 0,
  )
}

interface Plan {
  /** One question for each team, because the table of all teams does not tell its models or keys by team. */
  readonly each: boolean
  readonly teams: readonly string[] | null
  readonly path: string
  /** `rest`: what is in everything and in no team. `untold`: wanted, and these tables cannot tell it. */
  readonly teamless: 'none' | 'rest' | 'untold'
}

function planOf({ groupBy, filters }: UsageQuestion): Plan {
  const { tenant, model } = filters
  const byParts = groupBy.includes('model') || groupBy.includes('key') || model !== undefined
  if (tenant !== undefined) {
    const teams = tenant.filter((name) => name !== '')
    const wantsTeamless = teams.length < tenant.length
    if (!wantsTeamless) return { each: true, teams, path: TEAMS, teamless: 'none' }
    if (byParts || teams.length > 0) throw teamlessAlone()
    return { each: false, teams: null, path: TEAMS, teamless: 'rest' }
  }
  if (!groupBy.includes('tenant')) return { each: false, teams: null, path: ALL, teamless: 'none' }
  if (byParts) return { each: true, teams: null, path: TEAMS, teamless: 'untold' }
  return { each: false, teams: null, path: TEAMS, teamless: 'rest' }
}

function teamlessAlone(): AbilityMissing {
  return new AbilityMissing(
    'tenant',
    'LiteLLM tells days of requests without a team as one sum only: ask for them alone, without models or keys.',
  )
}

function tooManyTeams(teams: number): AbilityMissing {
  return new AbilityMissing(
    'tenant',
    `LiteLLM tells models and keys of a day team by team, and there are ${teams}; at most ${MOST_TEAMS} are asked at once. Choose some of them.`,
  )
}
