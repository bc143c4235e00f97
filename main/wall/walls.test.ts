import { once } from 'node:events'
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { admit, attach, dial, get, own, pathOf, startHost } from '../../test/support/wallHost.ts'
import { DEFAULT_BUDGETS } from './budgets.ts'
import { matches } from './tokens.ts'
import { openWallFiles, type WallFiles } from './wallFiles.ts'
import { newWall } from './walls.ts'

let root = ''
let folder = ''
let troubles: string[] = []
let files: WallFiles

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'floorwatch-walls-'))
  folder = join(root, 'state', 'walls')
  troubles = []
  files = await reopen()
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** As another process sees them. */
function reopen(): Promise<WallFiles> {
  return openWallFiles(folder, (text) => troubles.push(text))
}

async function engineFor(site = '/etc/floorwatch.yaml', port = 0) {
  return startHost({ walls: { store: await reopen(), site, everyMs: 20 }, port })
}

describe('a wall', () => {
  it('survives the restart of the engine: its page by its keys, its display by its address', async () => {
    const before = await engineFor()
    const address = before.host.tokenUrl('wall')
    const keys = await admit(before.host, address)
    await attach(before.host, keys)
    const { port } = before.host
    await before.host.close()

    const { host, attached } = await engineFor('/etc/floorwatch.yaml', port)
    await attach(host, keys)
    expect(attached.map(({ role }) => role)).toEqual(['wall'])
    expect(await admit(host, address)).toEqual(keys)
  })

  it('is kept once its address was opened, in a file of this user alone, as digests', async () => {
    const { host } = await engineFor()
    const address = host.tokenUrl('wall')
    expect(readdirSync(folder)).toEqual([])
    const keys = await admit(host, address)
    const [name] = readdirSync(folder)
    const path = join(folder, name ?? '')
    expect([statSync(path).mode & 0o777, statSync(folder).mode & 0o777]).toEqual([0o600, 0o700])
    const text = readFileSync(path, 'utf8')
    const secrets = [new URL(address).searchParams.get('token'), keys.cookie.split('=')[1], keys.proof]
    for (const secret of secrets) expect(text).not.toContain(secret)
  })

  it('is revoked by another process: its line ends, and it hears that it was revoked', async () => {
    const { host } = await engineFor()
    const address = host.tokenUrl('wall')
    const keys = await admit(host, address)
    const socket = await attach(host, keys)
    const other = await attach(host, await admit(host, host.tokenUrl('wall')))
    const closed = once(socket, 'close')
    const { cookie } = keys
    const value = cookie.split('=')[1] ?? ''
    const listed = files.list()
    expect(listed).toHaveLength(2)
    const mine = listed.filter((wall) => matches(wall.cookie, value))
    expect(mine.map(({ id }) => files.remove(id))).toEqual([true])

    const [code, reason]: unknown[] = await closed
    expect([code, String(reason)]).toEqual([4403, 'The address of this wall was revoked.'])
    expect((await get(host, pathOf(address))).status).toBe(401)
    expect(await (await dial(host, { ...own(host), cookie }, keys)).first).toMatch(/^4401/)
    expect(other.readyState).toBe(other.OPEN)
  })

  it('is admitted at once where another process has added it', async () => {
    const { host, clock } = await engineFor()
    await get(host, '/?token=unknown')
    const { wall, token } = newWall('lobby', '/etc/floorwatch.yaml', Date.now())
    files.add(wall)
    clock.advance(250)
    expect((await get(host, `/?token=${token}`)).status).toBe(303)
  })

  it('opens the floor of its own site alone', async () => {
    const { wall, token } = newWall('lobby', '/etc/floorwatch.yaml', Date.now())
    files.add(wall)
    expect((await get((await engineFor('demo')).host, `/?token=${token}`)).status).toBe(401)
    expect((await get((await engineFor()).host, `/?token=${token}`)).status).toBe(303)
  })

  it('takes no more room for a thousand redemptions than for one', async () => {
    const { host, clock } = await engineFor()
    const path = pathOf(host.tokenUrl('wall'))
    const cookies = new Set<unknown>()
    for (let i = 0; i < 300; i++) {
      clock.advance(60_000 / DEFAULT_BUDGETS.wall.redemptionsPerHolder)
      cookies.add(String((await get(host, path)).headers['set-cookie']))
    }
    expect(cookies.size).toBe(1)
    expect(readdirSync(folder)).toHaveLength(1)
  })

  it('works until the engine stops where the disk takes nothing', async () => {
    const { host } = await engineFor()
    rmSync(folder, { recursive: true })
    writeFileSync(folder, 'in the way')
    await attach(host, await admit(host, host.tokenUrl('wall')))
    expect(troubles).toContainEqual(expect.stringMatching(/could not be kept/))
  })

  it('is not revoked by a folder that cannot be read', async () => {
    const { host } = await engineFor()
    const keys = await admit(host, host.tokenUrl('wall'))
    rmSync(folder, { recursive: true })
    writeFileSync(folder, 'in the way')
    await get(host, '/?token=unknown')
    await attach(host, keys)
    expect(troubles).toContainEqual(expect.stringMatching(/cannot be read/))
  })
})

describe('a file that is no wall', () => {
  const { wall } = newWall('lobby', 'demo', 1)

  it.each([
    ['text', (path: string) => writeFileSync(path, 'hello', { mode: 0o600 }), /not in its form/],
    [
      'another form',
      (path: string) => writeFileSync(path, '{"version":2}', { mode: 0o600 }),
      /not in its form/,
    ],
    ['too long', (path: string) => writeFileSync(path, ' '.repeat(20_000), { mode: 0o600 }), /no plain file/],
    ['a link', (path: string) => symlinkSync('/etc/hostname', path), /no plain file/],
    ['open to others', (path: string) => chmodSync(path, 0o644), /others may read/],
  ])('is told once and not read: %s', async (_, spoil, told) => {
    files.add(wall)
    const path = join(folder, `${wall.id}.json`)
    if (told.source !== 'others may read') rmSync(path)
    spoil(path)
    expect(files.list()).toEqual([])
    expect(files.read(new Map())).toEqual([])
    expect(troubles).toEqual([expect.stringMatching(told)])
  })

  it('may have any other name', async () => {
    writeFileSync(join(folder, 'notes.txt'), 'x')
    expect(files.list()).toEqual([])
    expect(troubles).toEqual([])
  })
})
