import type { Migration } from '../types.ts'

/**
 * Minutes of objectives, under the objective's name and what it counts: one that counts something else starts over. Times
 * are minutes since 1970.
 */
export const migration: Migration = {
  id: 1,
  name: 'minutes',
  up(db) {
    db.exec(`
      CREATE TABLE minute (
        objective TEXT NOT NULL,
        at INTEGER NOT NULL,
        good REAL NOT NULL,
        bad REAL NOT NULL,
        badLeast REAL NOT NULL,
        known REAL NOT NULL CHECK (known > 0 AND known <= 1),
        PRIMARY KEY (objective, at)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE minuteReach (
        objective TEXT PRIMARY KEY,
        askedFrom INTEGER NOT NULL,
        usedAt INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
    `)
  },
}
