/** The hash-chained audit of a site. */
export { createAudit, sha256 } from './auditBook.ts'
export { exportFrom, type PageQuestion, type ReadRow, readPage, verifyChain } from './reading.ts'
export type { Audit, AuditHead } from './types.ts'
export { type FileVerdict, verifyFile } from './verifyFile.ts'
