import type { CommandName } from '../../../shared/contract/contract.ts'
import { message } from '../../../shared/messages/message.ts'
import { includesRole, type Person, type PersonRole } from '../../../shared/model/person.ts'
import { rightOf } from '../../../shared/model/rights.ts'
import { type Desk, isPerson } from './desk.ts'
import { Refusal } from './refusal.ts'

/**
 * The person for whom a command is done; null where there is none and the command takes none.
 * @throws Refusal which names the right that is missing, and who has it
 */
export function personFor(command: CommandName, desk: Desk): Person | null {
  const least = rightOf(command)
  const found = desk.person()
  if (!isPerson(found)) {
    if (least === 'anyone') return null
    const text = message('access.refused.nobody', { command, who: who(least), why: found.why })
    throw new Refusal('forbidden', text, found.nextStep)
  }
  if (least === 'anyone' || includesRole(found.role, least)) return found
  const { name, role } = found
  throw new Refusal(
    'forbidden',
    message('access.refused.role', { name, role: message(`access.role.${role}`), command, who: who(least) }),
    message('access.refused.role.next', { name }),
  )
}

function who(least: PersonRole) {
  return message(`access.may.${least}`)
}
