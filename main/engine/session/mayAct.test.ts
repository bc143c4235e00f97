import { describe, expect, it } from 'vitest'
import { COMMANDS, type CommandName, isCommandName } from '../../../shared/contract/contract.ts'
import { message } from '../../../shared/messages/message.ts'
import { includesRole, PERSON_ROLES, type Person } from '../../../shared/model/person.ts'
import { RIGHTS, rightOf } from '../../../shared/model/rights.ts'
import { settle, start } from '../../../test/support/session.ts'
import type { Desk } from './desk.ts'
import { personFor } from './mayAct.ts'
import { Refusal } from './refusal.ts'
import { textOf } from '../../../shared/messages/format.ts'

const origin = { console: 'browser at 10.0.0.7', address: '10.0.0.7', holder: 'h', ownMachine: false }
const commands = Object.keys(COMMANDS).filter(isCommandName)

function deskOf(found: Person | null): Desk {
  const away = { why: message('access.why.signIn'), nextStep: message('access.why.signIn.next') }
  return { origin, person: () => found ?? away }
}

function outcome(command: CommandName, found: Person | null): string {
  try {
    personFor(command, deskOf(found))
    return 'done'
  } catch (error) {
    if (error instanceof Refusal) return textOf(error.failure.text)
    throw error
  }
}

describe('the table of rights', () => {
  it('has every command that acts, and none that does not exist', () => {
    const acting = commands.filter((name) => COMMANDS[name].access === 'act')
    expect(acting.filter((name) => !Object.hasOwn(RIGHTS, name))).toEqual([])
    expect(Object.keys(RIGHTS).filter((name) => !isCommandName(name))).toEqual([])
  })

  it.each(commands)('is what decides on %s, for every role and for no one', (command) => {
    const least = rightOf(command)
    for (const role of PERSON_ROLES) {
      const may = least === 'anyone' || includesRole(role, least)
      const text = outcome(command, { id: 'p', name: 'Ana Lima', role })
      expect(text === 'done').toBe(may)
      if (!may) expect(text).toMatch(new RegExp(`Ana Lima is signed in as .+, and ${command} may only`))
    }
    expect(outcome(command, null) === 'done').toBe(least === 'anyone')
  })
})

describe('a session', () => {
  it('refuses before the handler, in words that name the right and who has it', async () => {
    const { say, last } = start('console', {}, undefined, deskOf({ id: 'p', name: 'Ana', role: 'viewer' }))
    say({ t: 'call', id: 1, name: 'setup.demo', input: {} })
    await settle()
    expect(last()).toMatchObject({
      failure: {
        code: 'forbidden',
        text: 'Ana is signed in as viewer, and setup.demo may only be done by administrators. Nothing was done.',
      },
    })
  })

  it('asks who is there for every command', async () => {
    let role: Person['role'] = 'administrator'
    const desk: Desk = { origin, person: () => ({ id: 'p', name: 'Ana', role }) }
    const { say, last } = start('console', {}, undefined, desk)
    say({ t: 'call', id: 1, name: 'setup.demo', input: {} })
    await settle()
    expect(last()).toMatchObject({ t: 'result', id: 1 })
    role = 'onCall'
    say({ t: 'call', id: 2, name: 'setup.demo', input: {} })
    await settle()
    expect(last()).toMatchObject({ t: 'failure', id: 2, failure: { code: 'forbidden' } })
  })
})
