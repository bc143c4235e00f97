export { replay } from './replay.ts'
export type * from './types.ts'
