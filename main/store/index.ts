/** What a site's engine keeps on disk. */
export { openBeside, openReadOnly } from './beside.ts'
export { StoreFailure, type StoreTrouble } from './failure.ts'
export { siteFolder } from './siteFolder.ts'
export { noStore, openStore, type StoreOptions } from './store.ts'
export type { Database, Migration, Store, StoreHealth } from './types.ts'
