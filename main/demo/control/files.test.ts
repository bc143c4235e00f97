import { spawnSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { requirement } from '../../../test/support/peers.ts'
import { gpuTypeOf } from '../../../shared/model/gpuType.ts'
import { inventorySchema } from '../../../shared/model/inventory.ts'
import { loadConfig } from '../../config/index.ts'
import { configSchema } from '../../config/schema.ts'
import { createWorld } from '../testing/series.ts'
import { inventoryOf, type Listening, targetGroups, writeFiles } from './files.ts'

const promtool = requirement('promtool')
const { factory } = createWorld({ hosts: 132 })
const addresses = factory.site.hosts.map((_, h) => `127.0.0.1:${20_000 + h}`)
const listening: Listening = {
  exporters: addresses,
  inference: [{ targets: ['127.0.0.1:19999'], labels: { pod: 'a', __metrics_path__: '/pods/t/a/metrics' } }],
  metering: { url: 'http://127.0.0.1:19998', token: 'a-token' },
}
let parent = ''
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'floorwatch-files-'))
})
afterAll(() => rm(parent, { recursive: true, force: true }))

describe('writeFiles', () => {
  it('writes a floorwatch.yaml that the schema takes, marked as demo', async () => {
    const given = join(parent, 'new', 'folder')
    const { folder, configPath, temporary } = await writeFiles(
      factory,
      listening,
      given,
      'http://127.0.0.1:9090',
    )
    expect([folder, temporary]).toEqual([given, false])
    const config = configSchema.parse(parse(await readFile(configPath, 'utf8')))
    expect(config.demo).toBe(true)
    expect(config.site).toEqual({ name: 'Demo factory', timezone: 'Europe/Berlin' })
    expect(config.prometheus?.url).toBe('http://127.0.0.1:9090')
    expect(config.exporters?.files).toEqual(['targets.json'])
    const text = await readFile(join(folder, 'targets.json'), 'utf8')
    expect(JSON.parse(text)).toEqual(targetGroups(addresses))
    expect((await readdir(folder)).toSorted()).toEqual([
      'floorwatch.yaml',
      'inference-targets.json',
      'metering-token',
      'prometheus.yml',
      'targets.json',
    ])
  })

  it('refuses a folder that is reached through a link', async ({ skip }) => {
    skip(process.platform === 'win32', 'links need a right there that tests do not have')
    await mkdir(join(parent, 'victim'))
    await symlink(join(parent, 'victim'), join(parent, 'link'))
    await expect(writeFiles(factory, listening, join(parent, 'link', 'x'), null)).rejects.toThrow(
      'is a symbolic link',
    )
    expect(await readdir(join(parent, 'victim'))).toEqual([])
  })

  it('leads the console to the metering, the inference servers and what GPUs cost', async () => {
    const { configPath, tokenPath } = await writeFiles(factory, listening, join(parent, 'tokens'), null)
    const config = await loadConfig(configPath)
    expect(config.metering).toMatchObject({ kind: 'api', url: 'http://127.0.0.1:19998' })
    expect(config.metering?.access.bearer?.reveal()).toBe('a-token')
    expect(config.objectives.map(({ name }) => name)).toContain('ttft-chat')
    expect(config.warnings).toEqual([])
    expect(config.inference?.files).toEqual([join(parent, 'tokens', 'inference-targets.json')])
    expect(config.inference?.models).toMatchObject({ 'deepseek-ai/DeepSeek-R1': 'deepseek-r1' })
    expect(Object.keys(config.economics.costPerGpuHour).toSorted()).toEqual(
      [...new Set(factory.site.racks.map((rack) => rack.board.name))].toSorted(),
    )
    expect((await stat(tokenPath)).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o600)
  })

  it('leaves a token to its owner also where a file was open to others', async () => {
    const given = join(parent, 'again')
    const { tokenPath } = await writeFiles(factory, listening, given, null)
    await chmod(tokenPath, 0o644)
    await writeFiles(
      factory,
      { ...listening, metering: { url: 'http://127.0.0.1:1', token: 'new' } },
      given,
      null,
    )
    expect(await readFile(tokenPath, 'utf8')).toBe('new\n')
    expect((await stat(tokenPath)).mode & 0o077).toBe(process.platform === 'win32' ? 0o066 : 0)
  })

  it('lists every host of the floor in ranges, and no Prometheus unless there is one', async () => {
    const { configPath } = await writeFiles(factory, listening, join(parent, 'ranges'), null)
    const config = configSchema.parse(parse(await readFile(configPath, 'utf8')))
    expect(config.prometheus).toBeUndefined()
    const hosts = (config.inventory?.floors ?? []).flatMap((floor) =>
      floor.racks.flatMap((rack) => rack.hosts.flatMap(expand)),
    )
    expect(hosts).toEqual(factory.site.hosts.map((host) => host.name))
  })

  it('makes a folder of its own where none is given', async () => {
    const { folder, temporary } = await writeFiles(factory, listening, null, null)
    expect(temporary).toBe(true)
    expect(folder.startsWith(join(tmpdir(), 'floorwatch-demo-'))).toBe(true)
    await rm(folder, { recursive: true })
  })

  it('writes a prometheus.yml that Prometheus takes', async ({ skip }) => {
    skip(!promtool.present, promtool.reason)
    const { folder } = await writeFiles(factory, listening, join(parent, 'prometheus'), null)
    const check = spawnSync(promtool.path, ['check', 'config', join(folder, 'prometheus.yml')], {
      encoding: 'utf8',
    })
    expect(check.stdout + check.stderr).toContain('SUCCESS')
    expect(check.status).toBe(0)
  })
})

describe('inventoryOf', () => {
  it('is an inventory, with the types that the model names give', () => {
    const inventory = inventorySchema.parse(inventoryOf(factory))
    const hosts = inventory.floors.flatMap((floor) => floor.racks.flatMap((rack) => rack.hosts))
    expect(hosts.map((host) => host.name)).toEqual(factory.site.hosts.map((host) => host.name))
    factory.site.hosts.forEach((host, h) => {
      expect(hosts[h]?.type).toBe(gpuTypeOf(host.board.modelName).name)
    })
  })
})

function expand(range: string): string[] {
  const [, from = '', to = ''] = /^h-\{(\d{4})\.\.(\d{4})\}$/.exec(range) ?? []
  if (from === '') return [range]
  return Array.from(
    { length: Number(to) - Number(from) + 1 },
    (_, i) => `h-${String(Number(from) + i).padStart(4, '0')}`,
  )
}
