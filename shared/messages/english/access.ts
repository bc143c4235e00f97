/** Who may do what. */
export const access = {
  'access.role.viewer': 'viewer',
  'access.role.operator': 'operator',
  'access.role.onCall': 'on-call engineer',
  'access.role.administrator': 'administrator',

  'access.may.viewer': 'everyone with an account',
  'access.may.operator': 'operators, on-call engineers and administrators',
  'access.may.onCall': 'on-call engineers and administrators',
  'access.may.administrator': 'administrators',

  'access.refused.role':
    '{name} is signed in as {role}, and {command} may only be done by {who}. Nothing was done.',
  'access.refused.role.next': 'Ask one of them, or have an administrator change the role of {name}.',
  'access.refused.nobody':
    'No one is signed in at this console, and {command} may only be done by {who}. {why} Nothing was done.',

  'access.why.remote':
    'This console is not on the machine of the engine, so someone has to sign in before it can act.',
  'access.why.remote.next': 'Do it at the machine of the engine.',
} as const
