import { z } from 'zod'

/** What people may do, each including what stands before it: look · acknowledge and note · act on traffic · accounts and setup. */
export const PERSON_ROLES = ['viewer', 'operator', 'onCall', 'administrator'] as const
export type PersonRole = (typeof PERSON_ROLES)[number]

/** Who acts. `id` never changes and is never given to another; `name` is for people. */
export interface Person {
  readonly id: string
  readonly name: string
  readonly role: PersonRole
}

/** The longest name of a person and the longest id, in UTF-16 units. */
export const MOST_NAME = 80
export const MOST_ID = 64

export const personSchema = z.object({
  id: z.string().min(1).max(MOST_ID),
  name: z.string().min(1).max(MOST_NAME),
  role: z.enum(PERSON_ROLES),
})

/** Whether a role includes another. */
export function includesRole(role: PersonRole, least: PersonRole): boolean {
  return PERSON_ROLES.indexOf(role) >= PERSON_ROLES.indexOf(least)
}
