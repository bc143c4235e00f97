/** Accounts and sign-ins of a site. */
export { AccountBook, type By, type IssuedCode } from './accountBook.ts'
export type { Account } from './accounts.ts'
export { Passwords } from './passwords.ts'
export { AccessRefusal } from './refusal.ts'
export { SIGN_IN_LIMITS, type SignInLimits, type SignInPlace, SignIns, type SignInState } from './signIns.ts'
