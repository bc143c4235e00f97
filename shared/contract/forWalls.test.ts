import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { leavesOf, sampleOf } from '../../test/support/sampleOf.ts'
import { COMMANDS, STREAMS } from './contract.ts'
import type { ForWalls } from './define.ts'
import { english } from '../messages/english/index.ts'
import { textOf } from '../messages/format.ts'
import type { MessageId } from '../messages/message.ts'
import { messageWithoutPlaces, refusesTenantFilter, tenants, withoutPlaces } from './forWalls.ts'
import { NOISE_PARTS, type NoisePartValues, scoreOf } from '../model/noise.ts'
import { type TenantsItem, tenantsSchema } from './tenants.ts'
import { plainly } from '../../test/support/plainly.ts'

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
    const forbidden =
      /address|[pP]ath$|[cC]ost|[pP]rice|[sS]pend|[aA]mount|keys|evidence|rent|limits|quotas|entitled|excess|tpmLimit|quotaUsed|exhaustsAt/
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

describe('the tenants of a wall', () => {
  it('are without what was agreed with them, and it says so instead of "none was agreed"', () => {
    const sample = sampleOf(tenantsSchema, (_, kind) => (kind === 'text' ? 'x' : 7)) as TenantsItem
    const shown = tenants(sample)
    const { entitled, excess, tpmLimit, quotaUsed, exhaustsAt } = shown
    expect([entitled, excess, tpmLimit, quotaUsed, exhaustsAt].flat()).toEqual([null, null, null, null, null])
    expect(shown.tokensPerSecond).toEqual([7])
    const why = shown.origin.lacks.find(({ what }) => what === 'quotas')
    expect(plainly(why)?.text).toMatch(/^A wall does not show/)
  })

  it('are as noisy as they are without what they bought, which could be told from the score else', () => {
    const part = fc.option(fc.double({ min: 0, max: 1, noNaN: true }))
    const rate = fc.option(fc.nat())
    fc.assert(
      fc.property(
        fc.record({ share: part, surge: part, rejections: part, errors: part }),
        part,
        rate,
        (four, excess, entitled) => {
          const of = (parts: NoisePartValues) => {
            const sample = sampleOf(tenantsSchema, (_, kind) => (kind === 'text' ? 'x' : 7)) as TenantsItem
            const noiseParts = Object.fromEntries(NOISE_PARTS.map((name) => [name, [parts[name]]]))
            return { ...sample, noiseParts, noise: [scoreOf(parts)] } as TenantsItem
          }
          const bought = { ...of({ ...four, excess }), entitled: [entitled], excess: [entitled] }
          expect(tenants(bought)).toEqual(tenants({ ...of({ ...four, excess: null }), entitled: [null] }))
        },
      ),
    )
    const loud = { share: 1, excess: 0, surge: 1, rejections: 1, errors: 1 }
    const sample = sampleOf(tenantsSchema, (_, kind) => (kind === 'text' ? 'x' : 7)) as TenantsItem
    const noiseParts = Object.fromEntries(Object.entries(loud).map(([name, value]) => [name, [value]]))
    expect(tenants({ ...sample, noiseParts, noise: [0.7] } as TenantsItem).noise).toEqual([1])
  })

  it('are not asked for one by one in the overview', () => {
    expect(refusesTenantFilter({ filters: { tenant: ['a'] } })?.id).toBe('refusal.wall.tenant')
    expect(refusesTenantFilter({ filters: {} })).toBeNull()
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
    ['h-0312:9400 has never answered', '(address) has never answered'],
    ['10.0.3.12:9400, [fd00::1]:9400 and dcgm.gpu.svc:80.', '(address), (address) and (address).'],
    ['since 12:30, 2026-11-30T12:30:45Z, 3:1', 'since 12:30, 2026-11-30T12:30:45Z, 3:1'],
    ['[/etc/a b] and </etc/x>', '[(file)] and <(file)>'],
    ['`/etc/a b` and "/srv/my secrets/t"', '`(file)` and "(file)"'],
    [String.raw`\\nas\share\tok is gone`, '(file) is gone'],
    [String.raw`"C:\Program Files\fw\token"`, '"(file)"'],
    ['secrets/token.txt cannot be read', '(file) cannot be read'],
    [
      'environment variables A_TOKEN and B are not set',
      'environment variables (name) and others are not set',
    ],
    ['$PROM_TOKEN, ${PROM_TOKEN}, PROM_TOKEN', '(name), (name), (name)'],
    ['meta-llama/Llama-3.1-8B-Instruct, text/plain', 'meta-llama/Llama-3.1-8B-Instruct, text/plain'],
  ])('%s', (text, expected) => {
    expect(withoutPlaces(text)).toBe(expected)
  })
})

describe('a message without its places', () => {
  /** A place of each kind, without the words that usually stand around it. */
  const placesFor = (parameter: string) => {
    if (/address$/i.test(parameter))
      return ['secret', 'secret.local', 'https://secret:9090/x', '[fd00::1]:9400']
    if (/path$/i.test(parameter)) return ['secret', '/srv/my secret/t', String.raw`C:\Program Files\secret`]
    if (/variable$/i.test(parameter)) return ['secret', 'SECRET_TOKEN']
    return ['https://secret:9090/x', '/srv/secret/floor.yaml', 'secret-h:9400', 'SECRET_TOKEN']
  }

  it.each(Object.keys(english) as MessageId[])('%s tells none, whatever stands for its parameters', (id) => {
    const parameters = [...english[id].matchAll(/\{\s*(\w+)\s*[,}]/g)].map(([, name]) => name ?? '')
    for (let at = 0; at < 4; at++) {
      const values = Object.fromEntries(
        parameters.map((name) => [name, placesFor(name)[at] ?? placesFor(name)[0] ?? '']),
      )
      const shown = messageWithoutPlaces({ id, values: { ...values, deeper: { id, values } } })
      expect(JSON.stringify(shown)).not.toMatch(/secret|fd00/i)
    }
  })

  it.each(Object.keys(english) as MessageId[])('%s names as a place what its own words call one', (id) => {
    const words = /\b(?:variables?|files?|folders?|paths?|address(?:es)?) (?:["'`“]|<code>)?\{(\w+)\}/g
    const called = [...english[id].matchAll(words)].map(([, name]) => name ?? '')
    expect(called.filter((name) => !/(?:address|path|variable)$/i.test(name))).toEqual([])
  })

  it('keeps what is no place, and says that something stood there', () => {
    const told = { id: 'setup.connect.saved' as const, values: { path: '/srv/my floor/x.yaml' } }
    expect(textOf(messageWithoutPlaces(told))).toMatch(/^Saved to \(file\)\. The console/)
    const line = {
      id: 'setup.form.exporters.line' as const,
      values: { line: 3, address: 'h', problem: '12 tok/s' },
    }
    expect(textOf(messageWithoutPlaces(line))).toBe('Line 3, "(address)": 12 tok/s')
  })
})
