import type { WorkflowDetail, WorkflowList } from '../../../../shared/contract/tenants.ts'
import type { Step, Workflow } from '../../../../shared/metering/workflows.ts'
import { Money } from '../../../../shared/model/money.ts'
import { allDigits } from '../../../../shared/model/units.ts'
import { message } from '../../../../shared/messages/message.ts'
import { remarksOf } from './remarks.ts'
import { arrange } from './tree.ts'

/** More decimals than any currency has, fewer than a quotient may have. */
const DECIMALS = 9

/** A job explained: its steps as a tree, why it took so many tokens, and what the steps leave unexplained. */
export function treeOf(
  workflow: Pick<Workflow, 'steps' | 'tokens'>,
  answer: readonly Step[],
): Pick<WorkflowDetail, 'steps' | 'unexplained' | 'remarks' | 'warnings'> {
  const tree = arrange(answer)
  const job = workflow.tokens.input + workflow.tokens.output
  const explained = tree.own.reduce((sum, own) => sum + own, 0n)
  const cut =
    workflow.steps > tree.steps.length
      ? [message('remark.steps.cut', { sent: tree.steps.length, steps: workflow.steps })]
      : []
  const beyond =
    explained > job ? [message('remark.steps.beyond', { tokens: allDigits(explained - job) })] : []
  return {
    steps: tree.steps,
    unexplained: (job - explained).toString(),
    remarks: remarksOf(tree, job),
    warnings: [...cut, ...tree.warnings, ...beyond],
  }
}

/** Cost of all attempts over the successes: what one result really costs. Null without a success or a cost. */
export function costPerSuccess(
  totals: Pick<WorkflowList['totals'], 'succeeded' | 'cost'>,
): WorkflowList['totals']['costPerSuccess'] {
  const { succeeded, cost } = totals
  if (cost === null || succeeded <= 0) return null
  const each = new Money(cost.amount).dividedBy(succeeded)
  return { amount: each.toDecimalPlaces(DECIMALS).toString(), currency: cost.currency }
}
