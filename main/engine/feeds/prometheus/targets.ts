import type { SourceDoubt } from '../../../../shared/model/source.ts'
import { grouped, plural } from '../../../../shared/model/phrases.ts'
import { ALLOWANCES } from '../../../core/fleet/sources/budget.ts'
import type { Labels } from './identities.ts'

/** As many exporter targets are followed; a floor of 100,000 GPUs has a third of it. */
export const MOST_TARGETS = ALLOWANCES.floor.hosts.inAll

/**
 * The rows whose targets may be learnt: all of them, or those of targets that are known already where there are more
 * than any floor has. Each target costs memory and time before its names are even looked at.
 */
export function admittedRows(
  rows: readonly Labels[],
  known: { has(instance: string): boolean },
  most: number = MOST_TARGETS,
): { readonly rows: readonly Labels[]; readonly refused: number } {
  const instanceOf = (row: Labels): string => row.get('instance') ?? ''
  const instances = new Set(rows.map(instanceOf))
  if (instances.size <= most) return { rows, refused: 0 }
  const admitted = rows.filter((row) => known.has(instanceOf(row)))
  return { rows: admitted, refused: instances.size - new Set(admitted.map(instanceOf)).size }
}

export function refusedTargetsDoubts(refused: number): SourceDoubt[] {
  if (refused === 0) return []
  return [
    {
      code: 'targets',
      severity: 'advisory',
      what: 'In quarantine: it names more exporters than a floor has; what was known goes on, nothing new is learnt from it',
      by: `${plural(refused, 'new exporter')}, at most ${grouped(MOST_TARGETS)} in all`,
      nextStep: 'See which job makes up instances, and leave it out with prometheus.selector.',
    },
  ]
}
