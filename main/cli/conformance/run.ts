import type { Area, Check } from './check.ts'
import { describeFailure, RequestFailure } from '../../platform/failure.ts'
import { auditChecks } from './checks/audit.ts'
import { capacityChecks } from './checks/capacity.ts'
import { contentChecks } from './checks/content.ts'
import { eventChecks } from './checks/events.ts'
import { latencyChecks } from './checks/latency.ts'
import { manners } from './checks/manners.ts'
import { tenantChecks } from './checks/tenants.ts'
import { throttleChecks } from './checks/throttles.ts'
import { usageChecks } from './checks/usage.ts'
import { workflowChecks } from './checks/workflows.ts'
import type { Session } from './session.ts'
import { type Finding, NotApplicable, Worthwhile } from './verdict.ts'

/** `manners` come first: they read the capabilities that the others ask for. */
export const AREAS: readonly Area[] = [
  manners,
  usageChecks,
  latencyChecks,
  capacityChecks,
  tenantChecks,
  workflowChecks,
  throttleChecks,
  auditChecks,
  eventChecks,
  contentChecks,
]

/**
 * Tries everything, one after the other; nothing that one check finds keeps another from being tried. Only where the
 * very first call brings no answer is the rest left out: there is no server, or not here.
 */
export async function runChecks(
  session: Session,
  onFinding: (finding: Finding) => void,
  areas: readonly Area[] = AREAS,
): Promise<Finding[]> {
  const findings: Finding[] = []
  let reached = true
  for (const { title: area, checks } of areas) {
    for (const check of checks) {
      const { unanswered = false, ...found } = reached ? await tried(session, check) : UNREACHED
      if (unanswered && findings.length === 0) reached = false
      const finding = { area, title: check.title, ...found }
      findings.push(finding)
      onFinding(finding)
    }
  }
  return findings
}

interface Tried extends Pick<Finding, 'outcome' | 'text'> {
  /** There was no answer at all. */
  readonly unanswered?: boolean
}

const UNREACHED: Tried = { outcome: 'skipped', text: 'The server was not reached.' }

async function tried(session: Session, check: Check): Promise<Tried> {
  try {
    await check.run(session)
    return { outcome: 'passed', text: '' }
  } catch (error) {
    if (error instanceof NotApplicable) return { outcome: 'skipped', text: error.message }
    if (error instanceof Worthwhile) return { outcome: 'warned', text: error.message }
    if (error instanceof RequestFailure) {
      const place = { source: 'the server', address: session.options.base }
      const { text, nextStep } = describeFailure(error, place)
      return { outcome: 'failed', text: `${text}. ${nextStep}`, unanswered: true }
    }
    return { outcome: 'failed', text: error instanceof Error ? error.message : String(error) }
  }
}
