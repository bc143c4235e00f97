import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { schemaText } from './jsonSchema.ts'
import { readConfig } from './load.ts'
import { defaultConfigPath, locateConfig, type LocatePlaces } from './locate.ts'
import { renderConfig } from './render.ts'
import { configSchema } from './schema.ts'

const assets = new URL('../../assets/', import.meta.url)
const asset = (name: string) => readFile(new URL(name, assets), 'utf8')

describe('published files', () => {
  it('holds the JSON Schema of today (npm start -- schema > assets/floorwatch.schema.json)', async () => {
    expect(JSON.parse(await asset('floorwatch.schema.json'))).toEqual(JSON.parse(schemaText()))
  })

  it('has an example that loads and shows every section', async () => {
    const text = await asset('floorwatch.example.yaml')
    const env = { PROMETHEUS_TOKEN: 'x', MIMIR_TENANT: 'x', METERING_TOKEN: 'x' }
    const site = readConfig(text, '/etc/floorwatch/floorwatch.yaml', { env })
    expect(site.warnings).toEqual([])
    expect(site.prometheus).not.toBeNull()
    expect(site.exporters).not.toBeNull()
    expect(site.inventory?.floors.flatMap((floor) => floor.racks.flatMap((rack) => rack.hosts)).length).toBe(
      48,
    )
    expect(site.metering).not.toBeNull()
    expect(site.inference).not.toBeNull()
    for (const section of Object.keys(configSchema.shape).filter((key) => key !== 'demo')) {
      expect(text).toMatch(new RegExp(`^${section}:`, 'm'))
    }
  })
})

describe('the file that the setup view writes', () => {
  it('reads as it was meant, whatever the texts', () => {
    const draft = fc.record({
      site: fc.record({
        name: fc
          .string({ minLength: 1, maxLength: 80, unit: 'binary' })
          .filter((name) => !/[\p{Cc}\p{Cf}]/u.test(name)),
        timezone: fc.constantFrom('UTC', 'Europe/Paris', 'America/New_York'),
      }),
      prometheus: fc.option(
        fc.record(
          {
            url: fc.constantFrom('http://p:9090', 'https://mimir.example/prometheus', 'http://[::1]:9090'),
            bearer: fc.constantFrom({ env: 'TOKEN' }),
          },
          { requiredKeys: ['url'] },
        ),
      ),
      exporters: fc.array(fc.constantFrom('h-1:9400', '[::1]:9400', 'https://h/metrics?x=1'), {
        minLength: 1,
        maxLength: 4,
      }),
    })
    fc.assert(
      fc.property(draft, ({ prometheus, ...rest }) => {
        const site = readConfig(renderConfig({ ...rest, prometheus }), '/f/floorwatch.yaml', {
          env: { TOKEN: 't' },
        })
        expect(site.site).toEqual(rest.site)
        expect(site.exporters?.static).toEqual(rest.exporters)
        expect(site.prometheus?.url).toBe(prometheus?.url)
        expect(site.prometheus?.access.bearer?.reveal()).toBe(prometheus?.bearer ? 't' : undefined)
      }),
    )
  })

  it('tells in comments what may follow', () => {
    expect(
      renderConfig({
        site: { name: 'Hall: "A"', timezone: 'Europe/Paris' },
        prometheus: { url: 'https://p', bearer: { file: '/run/token' }, caFile: 'ca.pem' },
        exporters: ['h-1:9400'],
      }),
    ).toMatchInlineSnapshot(`
      "# Floorwatch: one file per site. Written by the setup view; yours to edit from here on.
      # Check it with: floorwatch check --config FILE
      # Secrets stand here by reference only: { env: NAME } or { file: PATH }.

      version: 1

      # The zone is the floor's own; walls show it beside UTC.
      site:
        name: 'Hall: "A"'
        timezone: Europe/Paris

      # The floor through Prometheus, Thanos, Mimir or VictoriaMetrics.
      # More keys: basic, tls, headers, timeout, slowEvery, identityEvery, selector.
      prometheus:
        url: https://p
        bearer:
          file: /run/token
        tls:
          ca: ca.pem
        refresh: 5s

      # The floor straight from dcgm-exporter: alone, or when Prometheus does not answer.
      # Besides static: files (file_sd) and http (HTTP SD) lists.
      exporters:
        static:
          - h-1:9400
        interval: 5s

      # What ought to stand on the floor. With an inventory a GPU that never answered is missed, too.
      # inventory:
      #   floors:
      #     - name: Hall 1
      #       racks:
      #         - { name: A01, hosts: ["h-{0001..0008}"], gpus: 8, type: H100 }
      "
    `)
  })
})

describe('where a configuration is looked for', () => {
  const linux: LocatePlaces = { env: {}, platform: 'linux', home: '/home/op', cwd: '/srv' }

  it.each([
    ['the one that is named, there or not', 'x.yaml', linux, () => false, '/srv/x.yaml'],
    ['the variable', undefined, { ...linux, env: { FLOORWATCH_CONFIG: '/a.yaml' } }, () => true, '/a.yaml'],
    ['the folder', undefined, linux, () => true, '/srv/floorwatch.yaml'],
    [
      'the own place',
      undefined,
      linux,
      only('/home/op/.config/floorwatch/floorwatch.yaml'),
      '/home/op/.config/floorwatch/floorwatch.yaml',
    ],
    ['nowhere', undefined, linux, () => false, null],
  ] as const)('takes %s', (_, named, places, exists, expected) => {
    expect(locateConfig(named, places, exists)).toBe(expected)
  })

  it('saves where each system keeps such files', () => {
    expect(defaultConfigPath({ ...linux, env: { XDG_CONFIG_HOME: '/x' } })).toBe(
      '/x/floorwatch/floorwatch.yaml',
    )
    expect(defaultConfigPath({ ...linux, env: { XDG_CONFIG_HOME: 'relative' } })).toBe(
      '/home/op/.config/floorwatch/floorwatch.yaml',
    )
    expect(defaultConfigPath({ ...linux, platform: 'darwin' })).toContain(
      join('Library', 'Application Support'),
    )
    expect(defaultConfigPath({ ...linux, platform: 'win32', env: { APPDATA: '/appdata' } })).toBe(
      join('/appdata', 'Floorwatch', 'floorwatch.yaml'),
    )
  })
})

function only(path: string): (candidate: string) => boolean {
  return (candidate) => candidate === path
}
