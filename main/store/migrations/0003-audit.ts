import type { Migration } from '../types.ts'

/**
 * The hash-chained audit. `record` is the whole entry in canonical JSON, hash included: what is hashed is what is kept.
 * The triggers keep a slip of our own from changing the past; against whoever can write the file stands the chain.
 */
export const migration: Migration = {
  id: 3,
  name: 'audit',
  up: (db) =>
    db.exec(`
      CREATE TABLE audit (
        seq INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        hash TEXT NOT NULL,
        record TEXT NOT NULL
      ) STRICT;
      CREATE TRIGGER auditIsNotChanged BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit is only ever added to'); END;
      CREATE TRIGGER auditIsNotCut BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit is only ever added to'); END;
    `),
}
