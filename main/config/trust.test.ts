import { chmod, chown, lchown, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readConfig } from './load.ts'
import type { LocatePlaces } from './locate.ts'
import { loadConfig, locate } from './index.ts'
import { accept, describeRoutes, isAccepted, refuseForeign, secretRoutes } from './trust.ts'

let folder = ''
let places: LocatePlaces
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floorwatch-trust-'))
  places = { env: {}, platform: 'linux', home: folder, cwd: join(folder, 'work') }
  await mkdir(places.cwd)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const env = { PROM_TOKEN: 't0ken', OTHER: 'other', PW: 'pass-word' }
const config = (text: string) =>
  readConfig(`version: 1\nsite: { name: x }\n${text}`, join(places.cwd, 'floorwatch.yaml'), { env })
const planted = 'prometheus: { url: "https://evil.example", bearer: { env: PROM_TOKEN } }'

describe('a configuration that lay in the working folder', () => {
  it('is told from one that was named and from the person’s own', async () => {
    const path = join(places.cwd, 'floorwatch.yaml')
    await writeFile(path, 'x')
    expect(locate(undefined, places)).toEqual({ path, found: 'folder' })
    expect(locate('floorwatch.yaml', places)).toEqual({ path, found: 'named' })
    const own = join(folder, '.config', 'floorwatch')
    await mkdir(own, { recursive: true })
    await writeFile(join(own, 'floorwatch.yaml'), 'x')
    expect(locate(undefined, { ...places, cwd: own })?.found).toBe('own')
  })

  it('says which secrets it sends where', () => {
    const routes = secretRoutes(
      config(`${planted}
exporters: { static: ["h-1:9400", "h-2:9400"], http: ["http://sd/list"], files: [t.json], secretFor: ["*.gpu.example"], basic: { username: a, password: { env: PW } } }
metering: { url: "https://m.example", bearer: { env: PROM_TOKEN }, headers: { X-Key: { env: OTHER } } }
`),
    )
    expect(describeRoutes(routes)).toEqual([
      'the environment variable PROM_TOKEN to https://evil.example, https://m.example',
      `the environment variable PW to h-1:9400, h-2:9400, http://sd/list, every address of *.gpu.example that http://sd/list or ${join(places.cwd, 't.json')} names`,
      'the environment variable OTHER to https://m.example',
    ])
    expect(secretRoutes(config('exporters: { static: ["h-1:9400"] }'))).toEqual([])
  })

  it('names the counters of a LiteLLM proxy where they get its token', () => {
    const to = (metrics: string) =>
      secretRoutes(
        config(
          `exporters: { static: ["h-1:9400"] }\nmetering: { url: "https://m.example", kind: litellm, bearer: { env: OTHER }, litellm: { metrics: "${metrics}" } }`,
        ),
      )[0]?.to
    expect(to('https://m.example/metrics/')).toEqual(['https://m.example', 'https://m.example/metrics/'])
    expect(to('https://m.example:9090/federate')).toEqual(['https://m.example'])
  })

  it('is accepted once, until another secret or address stands in it', async () => {
    const first = config(planted)
    expect(isAccepted(first, places)).toBe(false)
    await accept(first, places)
    expect(isAccepted(config(planted), places)).toBe(true)
    expect(isAccepted(config(planted.replace('PROM_TOKEN', 'OTHER')), places)).toBe(false)
    expect(isAccepted(config(planted.replace('evil', 'e-vil')), places)).toBe(false)
    const kept = join(folder, '.config', 'floorwatch', 'accepted-folders.json')
    expect((await stat(kept)).mode & 0o777).toBe(0o600)
  })
})

describe.runIf(process.platform !== 'win32')('who else can write a configuration', () => {
  it.each([
    [0o666, 'everybody'],
    [0o664, 'its whole group'],
  ])('mode %o', async (mode, whom) => {
    const path = join(places.cwd, 'floorwatch.yaml')
    await writeFile(path, `version: 1\nsite: { name: x }\nexporters: { static: ["h:1"] }\n`)
    await chmod(path, mode)
    expect(() => refuseForeign(path)).toThrow(`it may be changed by ${whom}`)
    // One that was named is used, with a warning.
    expect((await loadConfig(path)).warnings[0]?.text).toContain(whom)
    await chmod(path, 0o644)
    expect(() => refuseForeign(path)).not.toThrow()
    expect((await loadConfig(path)).warnings).toEqual([])
  })

  it.runIf(process.getuid?.() === 0)('another user, also through a link of his', async () => {
    const path = join(places.cwd, 'floorwatch.yaml')
    await writeFile(path, 'x')
    await chown(path, 1234, 1234)
    expect(() => refuseForeign(path)).toThrow('it belongs to another user')
    await rm(path)
    await writeFile(join(folder, 'mine'), 'x')
    await symlink(join(folder, 'mine'), path)
    expect(() => refuseForeign(path)).not.toThrow()
    await lchown(path, 1234, 1234)
    expect(() => refuseForeign(path)).toThrow('it belongs to another user')
  })

  it('is told of a secret’s file, too', async () => {
    const token = join(folder, 'token')
    await writeFile(token, 't0ken-text\n', { mode: 0o600 })
    const site = () => config(`prometheus: { url: "https://p", bearer: { file: "${token}" } }`)
    expect(site().warnings).toEqual([])
    await chmod(token, 0o622)
    expect(site().warnings[0]?.text).toContain('it may be changed by')
  })
})
