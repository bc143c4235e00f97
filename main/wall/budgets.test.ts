import { describe, expect, it } from 'vitest'
import { admit, attach, dial, get, own, pathOf, startHost } from '../../test/support/wallHost.ts'
import { type Budgets, DEFAULT_BUDGETS } from './budgets.ts'

const MEBIBYTE = 1 << 20

function small(change: Partial<Budgets['wall']>): Budgets {
  return {
    console: { ...DEFAULT_BUDGETS.console, ...change },
    wall: { ...DEFAULT_BUDGETS.wall, ...change },
  }
}

describe('what the screens of one role may use together', () => {
  it.each([
    ['wall', 'console'],
    ['console', 'wall'],
  ] as const)('is a number of lines, and %ss take none from the %ss', async (greedy, other) => {
    const { host } = await startHost({ budgets: small({ lines: 2, linesPerHolder: 2 }) })
    const keys = await admit(host, host.tokenUrl(greedy))
    const first = await attach(host, keys)
    await attach(host, keys)
    const beyond = await dial(host, { ...own(host), cookie: keys.cookie }, keys)
    expect(await beyond.first).toBe(`4429 All 2 lines for ${greedy}s are taken.`)
    await attach(host, await admit(host, host.tokenUrl(other)))
    // A place becomes free again.
    first.terminate()
    await expect.poll(() => host.lines()).toBe(2)
    await attach(host, keys)
  })

  it('is a number of lines of one wall address, so that one display in a loop leaves the others lit', async () => {
    const { host } = await startHost({ budgets: small({ linesPerHolder: 2 }) })
    const keys = await admit(host, host.tokenUrl('wall'))
    for (let i = 0; i < 2; i++) await attach(host, keys)
    const beyond = await dial(host, { ...own(host), cookie: keys.cookie }, keys)
    expect(await beyond.first).toBe('4429 All 2 lines of this wall address are taken.')
    await attach(host, await admit(host, host.tokenUrl('wall')))
  })

  it('is a number of desktop windows, which hear it as a status', async () => {
    const { host } = await startHost({ budgets: small({ lines: 1 }) })
    const token = new URL(host.attachUrl('console')).searchParams.get('token') ?? ''
    const authorization = `Bearer ${token}`
    expect((await dial(host, { authorization })).status).toBe(101)
    expect((await dial(host, { authorization })).status).toBe(503)
  })

  it('is a number of redemptions a minute: three hundred of a wall address lock no one else out', async () => {
    const { host, clock } = await startHost()
    const wall = pathOf(host.tokenUrl('wall'))
    const desk = await admit(host, host.tokenUrl('console'))
    const statuses = new Map<number, number>()
    for (let i = 0; i < 300; i++) {
      const { status } = await get(host, wall)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
    const { redemptionsPerHolder } = DEFAULT_BUDGETS.wall
    expect(statuses).toEqual(
      new Map([
        [303, redemptionsPerHolder],
        [429, 300 - redemptionsPerHolder],
      ]),
    )
    await attach(host, desk)
    await attach(host, await admit(host, host.tokenUrl('console')))
    await attach(host, await admit(host, host.tokenUrl('wall')))
    clock.advance(60_000)
    expect((await get(host, wall)).status).toBe(303)
  })

  it('is a number of sessions: the consoles that were idle longest go, walls stay', async () => {
    const { host, clock } = await startHost({ budgets: small({ sessions: 2 }) })
    const wall = await admit(host, host.tokenUrl('wall'))
    const desks = []
    for (let i = 0; i < 3; i++) {
      clock.advance(1000)
      desks.push(await admit(host, host.tokenUrl('console')))
    }
    const statuses = await Promise.all([...desks, wall].map(({ cookie }) => get(host, '/', { cookie })))
    expect(statuses.map(({ status }) => status)).toEqual([401, 200, 200, 200])
  })

  it('is a number of wall addresses in use, and the one beyond is told what to do', async () => {
    const { host } = await startHost({ budgets: small({ sessions: 1 }) })
    await admit(host, host.tokenUrl('wall'))
    const beyond = await get(host, pathOf(host.tokenUrl('wall')))
    expect([beyond.status, beyond.body]).toEqual([503, expect.stringContaining('wall revoke')])
  })

  it('is an amount that waits for slow screens: the slowest goes, the other role stays', async () => {
    const { host, attached } = await startHost({
      budgets: small({ buffered: 8 * MEBIBYTE }),
      socketLimits: { pingEveryMs: 60_000, maxBuffered: 64 * MEBIBYTE },
    })
    const keys = await admit(host, host.tokenUrl('wall'))
    const sockets = [await attach(host, keys), await attach(host, keys)]
    const desk = await attach(host, await admit(host, host.tokenUrl('console')))
    for (const socket of [...sockets, desk]) socket.pause()
    const [fast, slow, console] = attached
    console?.wire.send('x'.repeat(7 * MEBIBYTE))
    fast?.wire.send('x'.repeat(2 * MEBIBYTE))
    for (let i = 0; i < 16 && host.lines() === 3; i++) {
      try {
        slow?.wire.send('x'.repeat(MEBIBYTE))
      } catch {
        break
      }
    }
    await expect(slow?.ended).resolves.toBe('the screen reads too slowly')
    expect(fast?.wire.send('still there')).toBeUndefined()
    expect(console?.wire.send('still there')).toBeUndefined()
  })
})
