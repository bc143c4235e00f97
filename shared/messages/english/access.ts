/** Who is at a console, who may do what, and accounts. */
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
  'access.refused.nobody': '{command} may only be done by {who}. {why} Nothing was done.',

  'access.why.signIn': 'No one is signed in at this console.',
  'access.why.signIn.next': 'Sign in first.',
  'access.why.signedOut': 'You are signed out.',
  'access.why.offered.next': 'Continue as {name}.',
  'access.why.locked': 'This console is locked: {name} has to type the password again.',
  'access.why.locked.next': 'Unlock it, or sign in as someone else.',
  'access.why.revoked':
    'Your sign-in has ended: the password was changed, a new code was issued or the account was disabled.',
  'access.why.expired':
    'Your sign-in has ended: it lasts {hours, plural, one {# hour} other {# hours}} at most.',
  'access.why.noAccounts':
    'No one can sign in: this site has no accounts yet, and this console is not on the machine of the engine.',
  'access.why.noAccounts.next':
    'Create the first administrator there: floorwatch user add NAME --role administrator.',
  'access.why.setup': 'No site is set up yet, and this console is not on the machine of the engine.',
  'access.why.setup.next': 'Set it up at the machine of the engine.',
  'access.why.noStore':
    'Without its store the engine cannot know who is who, nor keep what was done. Everything can be looked at. {why}',
  'access.why.noStore.next': 'Mend the store; Sources says what is wrong with it.',

  'access.wrong': 'User name or password is wrong, or the account is disabled.',
  'access.wrong.next': 'Try again. An administrator can issue a new one-time code.',
  'access.wait':
    'Too many attempts were wrong. The next one is possible in {seconds, plural, one {# second} other {# seconds}}.',
  'access.wait.next': 'Wait, then try again.',
  'access.busy': 'Too many people are signing in at this moment.',
  'access.code.wrong': 'This code does not belong to this user name, was used already or has expired.',
  'access.code.wrong.next': 'Check both, or ask an administrator for a new code.',
  'access.password.short': 'The new password is too short: it needs at least {least} characters.',
  'access.password.long': 'The new password is too long: at most {most} characters fit.',
  'access.password.login': 'The new password is little more than the user name.',
  'access.password.same': 'The new password needs at least {least} different characters.',
  'access.password.next': 'Choose another one. A few unrelated words are easy to remember and hard to guess.',
  'access.password.noAccount': 'Only someone who signed in with a password can change it.',

  'access.unknown': 'There is no account {login}.',
  'access.unknown.next': 'Look at the list of accounts.',
  'access.add.login': '{login} cannot be a user name.',
  'access.add.login.next':
    'Use up to 64 of a–z, 0–9, dot, dash, underscore and @, beginning with a letter or a digit, and give a name.',
  'access.add.first':
    'The first account of a site has to be an administrator: from then on everyone signs in.',
  'access.add.first.next': 'Create an administrator first.',
  'access.add.many': 'There are {most, number} accounts already, and no more are kept.',
  'access.add.many.next': 'Enable an account that is disabled instead.',
  'access.add.taken': 'There is an account {login} already. Accounts are never given to another person.',
  'access.add.taken.next': 'Choose another user name.',
  'access.lastAdministrator': '{name} is the last administrator who can sign in.',
  'access.lastAdministrator.next': 'Make someone else an administrator first.',

  'access.cli.code': 'One-time code for {name} ({login}):',
  'access.cli.code.next':
    'Shown this once. With it and the user name the person chooses a password at the console, until {until} UTC.',
  'access.cli.changed': '{name} ({login}) is {role} now.',
  'access.cli.disabled': '{name} ({login}) is disabled: no sign-in, and open sessions have ended.',
  'access.cli.none':
    'There are no accounts. Until there is one, whoever runs the engine acts at its own machine, and no one elsewhere.',
} as const
