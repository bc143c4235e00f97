import type { Migration } from '../types.ts'

/**
 * Incidents and their timelines. What is looked for has a column; the rest is one JSON, because it is read as a whole.
 * The database itself refuses a second open incident of a cause. Entries are inserted and never changed.
 */
export const migration: Migration = {
  id: 2,
  name: 'incidents',
  up(db) {
    db.exec(`
      CREATE TABLE incident (
        number INTEGER PRIMARY KEY,
        cause TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('open', 'recovered', 'resolved')),
        resolvedAt INTEGER,
        body TEXT NOT NULL
      ) STRICT;
      CREATE UNIQUE INDEX incidentOpenOfCause ON incident (cause) WHERE state <> 'resolved';
      CREATE INDEX incidentResolved ON incident (resolvedAt) WHERE state = 'resolved';
      CREATE TABLE incidentEntry (
        incident INTEGER NOT NULL REFERENCES incident (number),
        seq INTEGER NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (incident, seq)
      ) STRICT, WITHOUT ROWID;
    `)
  },
}
