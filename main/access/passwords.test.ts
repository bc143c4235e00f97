import { describe, expect, it } from 'vitest'
import { Passwords, PasswordsBusy, PRESENT_COST } from './passwords.ts'

const CHEAP = { ln: 10, r: 8, p: 1 }

describe('a password', () => {
  it('is kept as a PHC string at the present cost, and known again', async () => {
    const passwords = new Passwords()
    const kept = await passwords.hash('correct horse battery')
    expect(kept).toMatch(/^\$scrypt\$ln=17,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    await expect(passwords.verify('correct horse battery', kept)).resolves.toEqual({
      right: true,
      outdated: false,
    })
    await expect(passwords.verify('correct horse batterz', kept)).resolves.toMatchObject({ right: false })
  })

  it('has a salt of its own each time', async () => {
    const passwords = new Passwords({ cost: CHEAP })
    expect(await passwords.hash('the same words')).not.toBe(await passwords.hash('the same words'))
  })

  it('is the same however its letters are composed', async () => {
    const passwords = new Passwords({ cost: CHEAP })
    const kept = await passwords.hash('café con leche')
    expect((await passwords.verify('cafe\u0301 con leche', kept)).right).toBe(true)
  })

  it('that was kept at a lower cost is right, and outdated', async () => {
    const kept = await new Passwords({ cost: CHEAP }).hash('an older password')
    const now = new Passwords({ cost: { ...CHEAP, ln: 11 } })
    await expect(now.verify('an older password', kept)).resolves.toEqual({ right: true, outdated: true })
    await expect(now.verify('a wrong password', kept)).resolves.toEqual({ right: false, outdated: false })
  })

  it.each([
    null,
    '',
    'plain text',
    '$scrypt$ln=31,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    '$scrypt$ln=0,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  ])('is never right against %j, and no error', async (kept) => {
    const passwords = new Passwords({ cost: CHEAP })
    await expect(passwords.verify('', kept)).resolves.toEqual({ right: false, outdated: false })
  })

  it('costs what OWASP asks for', () => {
    expect(2 ** PRESENT_COST.ln * PRESENT_COST.r * PRESENT_COST.p).toBeGreaterThanOrEqual(2 ** 20)
  })
})

describe('many passwords at once', () => {
  it('are taken two at a time, in order, and refused beyond what may wait', async () => {
    const passwords = new Passwords({ cost: CHEAP, atOnce: 2, mostWaiting: 3 })
    const done: number[] = []
    const all = Array.from({ length: 7 }, (_, i) =>
      passwords.hash(`password ${i}`).then(
        () => done.push(i),
        (error: unknown) => error,
      ),
    )
    const outcomes = await Promise.all(all)
    expect(outcomes.filter((outcome) => outcome instanceof PasswordsBusy)).toHaveLength(2)
    expect(done).toHaveLength(5)
    // The queue is empty again: a later one gets its turn.
    await expect(passwords.hash('later')).resolves.toContain('$scrypt$')
  })
})
