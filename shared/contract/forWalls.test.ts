import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { leavesOf, sampleOf } from '../../test/support/sampleOf.ts'
import { COMMANDS, STREAMS } from './contract.ts'
import type { ForWalls } from './define.ts'
import { withoutPlaces } from './forWalls.ts'

interface Channel {
  readonly name: string
  readonly walls: ForWalls<never, never>
  readonly item: z.ZodType
}

const CHANNELS: readonly Channel[] = [
  ...Object.entries(COMMANDS).map(([name, { walls, output }]) => ({
    name,
    walls: walls as ForWalls<never, never>,
    item: output as z.ZodType,
  })),
  ...Object.entries(STREAMS).flatMap((entry) => {
    const [name, channel] = entry
    if (channel.encoding === 'frame') return []
    return [{ name, walls: channel.walls as ForWalls<never, never>, item: channel.item as z.ZodType }]
  }),
]

const PLACES = 'file /srv/secret/floor.yaml, https://secret:9090/x and variable SECRET_TOKEN'

/** Every text or figure of an item that a wall can read, by its path; `≈` where places are taken out of it. */
function readByWalls({ walls, item }: Channel, kind: 'text' | 'number'): string[] {
  if (walls === 'refused') return []
  const sample = sampleOf(item, (path, kind) => (kind === 'text' ? `${path}: ${PLACES}` : 4711)) as never
  const shown: unknown = walls === 'whole' ? sample : walls.narrow(sample)
  return leavesOf(shown).flatMap(([path, leaf]) => {
    if (kind === 'number') return leaf === 4711 ? [path] : []
    if (typeof leaf !== 'string' || !leaf.startsWith(`${path}: `)) return []
    return [leaf.includes('secret') || leaf.includes('SECRET') ? path : `≈ ${path}`]
  })
}

describe('what walls can read', () => {
  it.each(CHANNELS.map((channel) => [channel.name, channel] as const))(
    'of %s are the texts that were decided on: look at every new one before you accept it',
    (_, channel) => {
      expect(readByWalls(channel, 'text')).toMatchSnapshot()
    },
  )

  it('holds no address, path, price, bill, key or contract anywhere', () => {
    const all = CHANNELS.flatMap((channel) =>
      (['text', 'number'] as const).flatMap((kind) =>
        readByWalls(channel, kind).map((path) => `${channel.name} ${path}`),
      ),
    )
    const forbidden = /address|[pP]ath$|[cC]ost|[pP]rice|[sS]pend|[aA]mount|keys|evidence|rent|limits|quotas/
    expect(all.filter((path) => forbidden.test(path))).toEqual([])
  })

  it('leaves the item of consoles as it was', () => {
    for (const { walls, item } of CHANNELS) {
      if (walls === 'refused' || walls === 'whole') continue
      const sample = sampleOf(item, (path) => path) as never
      const before = JSON.stringify(sample)
      walls.narrow(sample)
      expect(JSON.stringify(sample)).toBe(before)
    }
  })

  it('stays within the contract', () => {
    for (const { name, walls, item } of CHANNELS) {
      if (walls === 'refused' || walls === 'whole') continue
      const sample = sampleOf(item, (_, kind) => (kind === 'text' ? '7' : 7))
      const parsed = item.safeParse(walls.narrow(item.parse(sample) as never))
      expect([name, parsed.error?.issues ?? []]).toEqual([name, []])
    }
  })
})

describe('a text without its places', () => {
  it.each([
    ['file_sd /tmp/floor/targets.json', 'file_sd (file)'],
    ['the file "C:\\ProgramData\\fw\\token" does not exist', 'the file "(file)" does not exist'],
    ['See ~/.config/floorwatch/floorwatch.yaml.', 'See (file).'],
    ['Prometheus (http://prom:9090/api?x=1) answers', 'Prometheus ((address) answers'],
    ['environment variable PROM_TOKEN is not set', 'environment variable (name) is not set'],
    ['3 / 8 present, 12 tok/s, and/or', '3 / 8 present, 12 tok/s, and/or'],
    ['h-0312:9400 has never answered', 'h-0312:9400 has never answered'],
  ])('%s', (text, expected) => {
    expect(withoutPlaces(text)).toBe(expected)
  })
})
