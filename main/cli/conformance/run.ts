import { describeFailure, RequestFailure } from '../../platform/failure.ts'
import { auditChecks } from './checks/audit.ts'
import { capacityChecks } from './checks/capacity.ts'
import { eventChecks } from './checks/events.ts'
import { manners } from './checks/manners.ts'
import { tenantChecks } from './checks/tenants.ts'
import { throttleChecks } from './checks/throttles.ts'
import { usageChecks } from './checks/usage.ts'
import { workflowChecks } from './checks/workflows.ts'
import type { Session } from './session.ts'
import { type Finding, NotApplicable, Worthwhile } from './verdict.ts'

/** One sentence of the contract and how it is tried. It throws what it found; returning is a pass. */
export interface Check {
  readonly title: string
  run(session: Session): Promise<void>
}

export interface Area {
  readonly title: string
  readonly checks: readonly Check[]
}

/** `manners` come first: they read the capabilities that the others ask for. */
export const AREAS: readonly Area[] = [
  manners,
  usageChecks,
  capacityChecks,
  tenantChecks,
  workflowChecks,
  throttleChecks,
  auditChecks,
  eventChecks,
]

/** Tries everything, one after the other; nothing that one check finds keeps another from being tried. */
export async function runChecks(session: Session, onFinding: (finding: Finding) => void): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const { title: area, checks } of AREAS) {
    for (const check of checks) {
      const finding = { area, title: check.title, ...(await tried(session, check)) }
      findings.push(finding)
      onFinding(finding)
    }
  }
  return findings
}

async function tried(session: Session, check: Check): Promise<Pick<Finding, 'outcome' | 'text'>> {
  try {
    await check.run(session)
    return { outcome: 'passed', text: '' }
  } catch (error) {
    if (error instanceof NotApplicable) return { outcome: 'skipped', text: error.message }
    if (error instanceof Worthwhile) return { outcome: 'warned', text: error.message }
    if (error instanceof RequestFailure) {
      const { text } = describeFailure(error, { source: 'the server', address: session.options.base })
      return { outcome: 'failed', text }
    }
    return { outcome: 'failed', text: error instanceof Error ? error.message : String(error) }
  }
}
