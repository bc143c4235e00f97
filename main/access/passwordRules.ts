import { type Message, message } from '../../shared/messages/message.ts'
import { LONGEST_PASSWORD, SHORTEST_PASSWORD } from './passwords.ts'

const FEWEST_SIGNS = 5

/** Why a password is not taken, in words; null where it is. Length is what counts: no rule asks for signs of a kind. */
export function weaknessOf(password: string, login: string): Message | null {
  const { length } = Array.from(password.normalize('NFKC'))
  if (length < SHORTEST_PASSWORD) return message('access.password.short', { least: SHORTEST_PASSWORD })
  if (length > LONGEST_PASSWORD) return message('access.password.long', { most: LONGEST_PASSWORD })
  if (login !== '' && password.toLowerCase().includes(login) && length < SHORTEST_PASSWORD + login.length)
    return message('access.password.login')
  if (new Set(password).size < FEWEST_SIGNS) return message('access.password.same', { least: FEWEST_SIGNS })
  return null
}
