export { attribute } from './attribute.ts'
export { PROMPT_WEIGHT, workOf } from './work.ts'
export type * from './types.ts'
