export { askedRatio, askedTokens, reliefMinutes, workAfter } from './asked.ts'
export { relief } from './relief.ts'
export { replay } from './replay.ts'
export type * from './types.ts'
