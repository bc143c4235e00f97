export { type Basis, PREVIEW_HOLDS_MS, voidedBy } from './basis.ts'
export * from './intent.ts'
export * from './observed.ts'
export * from './proof.ts'
