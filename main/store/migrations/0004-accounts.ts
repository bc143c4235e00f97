import type { Migration } from '../types.ts'

/**
 * People who may sign in. Passwords as PHC strings, one-time codes as digests. An account is never removed, so that the
 * audit's ids stay those of one person; it is disabled. `epoch` grows with everything that ends its sessions.
 */
export const migration: Migration = {
  id: 4,
  name: 'accounts',
  up: (db) =>
    db.exec(`
      CREATE TABLE account (
        id TEXT PRIMARY KEY,
        login TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        role TEXT NOT NULL CHECK (role IN ('viewer', 'operator', 'onCall', 'administrator')),
        password TEXT,
        codeDigest BLOB,
        codeUntil INTEGER,
        disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
        epoch INTEGER NOT NULL DEFAULT 1,
        createdAt INTEGER NOT NULL,
        passwordAt INTEGER,
        signedInAt INTEGER
      ) STRICT;
    `),
}
