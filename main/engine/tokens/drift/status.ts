import type { ConsoleStatus } from '../../../../shared/contract/console.ts'
import type { Drift, DriftRow } from '../../../../shared/contract/tokens.ts'
import { SEVERITY } from '../../../../shared/model/figure.ts'

export type DriftStatus = NonNullable<ConsoleStatus['tokens']>['drift']

/** Served against metered on one mark of every screen: one model that drifts is a drift, however well the sum agrees. */
export function driftStatus({ total, rows }: Pick<Drift, 'total' | 'rows'>): DriftStatus {
  const drifting = [...rows, total]
    .filter(({ state }) => state === 'drifts')
    .toSorted((a, b) => SEVERITY[b.severity] - SEVERITY[a.severity])
  const [worst] = drifting
  if (worst !== undefined) {
    const others = drifting.filter((row) => row !== worst && row !== total).length
    const more = others === 0 ? '' : ` And ${others} more.`
    const name = worst === total ? 'All models' : nameOf(worst)
    return { state: 'drifts', severity: worst.severity, text: `${name}: ${worst.note}${more}` }
  }
  if (total.state === 'unknown') {
    return quiet('unknown', `Served and metered tokens cannot be compared. ${total.note}`.trimEnd())
  }
  if (total.state === 'learning') {
    const text = `Served and metered tokens are being compared; there is no verdict yet. ${total.note}`
    return quiet('learning', text.trimEnd())
  }
  const open = rows.filter(({ state }) => state !== 'agrees').length
  if (open === 0) return quiet('agrees', 'What the inference servers served and what was metered agree.')
  return quiet(
    'learning',
    `Served and metered tokens agree in sum; of ${open} of ${rows.length} models it cannot be told yet.`,
  )
}

function quiet(state: DriftStatus['state'], text: string): DriftStatus {
  return { state, severity: 'normal', text }
}

function nameOf({ model, gpuType }: DriftRow): string {
  const name = model === '' ? 'Unnamed model' : model
  return gpuType === '' ? name : `${name} on ${gpuType}`
}
