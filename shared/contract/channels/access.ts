import { z } from 'zod'
import { PERSON_ROLES } from '../../model/person.ts'
import {
  accountSchema,
  issuedCodeSchema,
  meSchema,
  presentSchema,
  typedLogin,
  typedPassword,
} from '../access.ts'
import { command, stream } from '../define.ts'
import { nothing } from './questions.ts'

const act = { access: 'act', walls: 'refused' } as const
const oneAccount = z.strictObject({ login: typedLogin })

export const accessStreams = {
  /** Who acts at this console. */
  'access.me': stream({ walls: 'refused', params: nothing, item: meSchema }),
  'access.present': stream({ walls: 'refused', params: nothing, item: presentSchema }),
}

export const accessCommands = {
  'access.signIn': command({
    ...act,
    input: z.strictObject({ login: typedLogin, password: typedPassword }),
    output: nothing,
  }),
  /** With a one-time code: chooses a password and signs in. */
  'access.redeem': command({
    ...act,
    input: z.strictObject({ login: typedLogin, code: z.string().max(64), password: typedPassword }),
    output: nothing,
  }),
  'access.signOut': command({ ...act, input: nothing, output: nothing }),
  'access.lock': command({ ...act, input: nothing, output: nothing }),
  'access.unlock': command({ ...act, input: z.strictObject({ password: typedPassword }), output: nothing }),
  /** Whoever runs the engine acts again at its own machine. */
  'access.resume': command({ ...act, input: nothing, output: nothing }),
  /** The person is there; keeps the console from locking itself. */
  'access.touch': command({ access: 'read', walls: 'refused', input: nothing, output: nothing }),
  'access.password': command({
    ...act,
    input: z.strictObject({ current: typedPassword, password: typedPassword }),
    output: nothing,
  }),

  'access.accounts': command({
    access: 'read',
    walls: 'refused',
    input: nothing,
    output: z.object({ accounts: z.array(accountSchema) }),
  }),
  'access.add': command({
    ...act,
    input: z.strictObject({ login: typedLogin, name: z.string().max(256), role: z.enum(PERSON_ROLES) }),
    output: issuedCodeSchema,
  }),
  'access.role': command({
    ...act,
    input: oneAccount.extend({ role: z.enum(PERSON_ROLES) }),
    output: nothing,
  }),
  'access.disable': command({ ...act, input: oneAccount.extend({ disabled: z.boolean() }), output: nothing }),
  /** A new one-time code in the place of the password. */
  'access.code': command({ ...act, input: oneAccount, output: issuedCodeSchema }),
}
