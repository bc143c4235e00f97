import { GPU_TYPES } from '../../shared/model/gpuType.ts'
import type { Inventory } from '../../shared/model/inventory.ts'
import { quoted } from './problems.ts'
import { expandNames, NamePatternError } from './ranges.ts'
import type { Reporter } from './reporter.ts'
import type { Config } from './schema.ts'
import { nearest } from './suggest.ts'

type Listed = NonNullable<Config['inventory']>

/** Beyond every floor there is; a slip in a range ({1..1000000}) is told instead of drawn. */
export const MAX_HOSTS = 100_000
export const MAX_GPUS = 1_000_000
const TYPE_NAMES = GPU_TYPES.map((type) => type.name)

/** The inventory with its host ranges written out. Duplicates and slips go to `report`; the result is then partial. */
export function expandInventory(listed: Listed, report: Reporter): Inventory {
  const hosts = new Map<string, string>()
  const floorNames = new Set<string>()
  let gpus = 0
  const floors = listed.floors.map((floor, f) => {
    const floorPath = ['inventory', 'floors', f] as const
    once(floorNames, floor.name, [...floorPath, 'name'], 'floor', report)
    const rackNames = new Set<string>()
    const racks = floor.racks.map((rack, r) => {
      const rackPath = [...floorPath, 'racks', r] as const
      once(rackNames, rack.name, [...rackPath, 'name'], 'rack', report)
      checkType(rack.type, [...rackPath, 'type'], report)
      const names = rack.hosts.flatMap((pattern, h) =>
        namesOf(pattern, [...rackPath, 'hosts', h], `${floor.name} / ${rack.name}`, hosts, report),
      )
      gpus += names.length * rack.gpus
      return {
        name: rack.name,
        hosts: names.map((name) => ({ name, gpus: rack.gpus, type: rack.type ?? null })),
      }
    })
    return { name: floor.name, racks }
  })
  if (gpus > MAX_GPUS) {
    report.error(
      ['inventory'],
      `${gpus} GPUs are listed, more than the ${MAX_GPUS} allowed`,
      'Divide the site.',
    )
  }
  return { floors }
}

function namesOf(
  pattern: string,
  path: readonly PropertyKey[],
  where: string,
  seen: Map<string, string>,
  report: Reporter,
): string[] {
  let names: string[]
  try {
    names = expandNames(pattern, Math.max(0, MAX_HOSTS - seen.size))
  } catch (error) {
    if (!(error instanceof NamePatternError)) throw error
    report.error(path, error.message, 'Write a range as h-{0001..0008}.')
    return []
  }
  const twice = names.filter((name) => seen.has(name))
  const [first] = twice
  if (first !== undefined) {
    const others = twice.length === 1 ? '' : ` and ${twice.length - 1} more`
    report.error(
      path,
      `host ${quoted(first)}${others} is already listed in ${quoted(seen.get(first) ?? '')}`,
      'A host stands in one rack.',
    )
  }
  for (const name of names) if (!seen.has(name)) seen.set(name, where)
  return names
}

function once(
  seen: Set<string>,
  name: string,
  path: readonly PropertyKey[],
  kind: string,
  report: Reporter,
): void {
  if (seen.has(name)) {
    report.error(path, `there are two ${kind}s named "${quoted(name)}"`, 'Give each its own name.')
  }
  seen.add(name)
}

function checkType(type: string | undefined, path: readonly PropertyKey[], report: Reporter): void {
  if (type === undefined || TYPE_NAMES.includes(type)) return
  const meant = nearest(type, TYPE_NAMES)
  report.warn(
    path,
    `"${quoted(type)}" is no GPU type that Floorwatch knows, so every such GPU is compared by that text`,
    meant === null ? `Known: ${TYPE_NAMES.join(', ')}.` : `Did you mean ${meant}?`,
  )
}
