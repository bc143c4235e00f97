import type { Migration } from '../types.ts'

/** Every step of the schema. A step stands in a file of its own with its test; its number is never used again. */
export const MIGRATIONS: readonly Migration[] = []
