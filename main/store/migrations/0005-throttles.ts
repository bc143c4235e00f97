import type { Migration } from '../types.ts'

/** What was decided about throttles, kept before anything is sent; `content` and `state` are JSON of main/actions. */
export const migration: Migration = {
  id: 5,
  name: 'throttles',
  up(db) {
    db.exec(`
      CREATE TABLE throttle_intents (
        id TEXT PRIMARY KEY,
        at INTEGER NOT NULL,
        act TEXT NOT NULL CHECK (act IN ('create', 'extend', 'tighten', 'release')),
        tenant TEXT NOT NULL,
        throttle_id TEXT,
        content TEXT NOT NULL,
        step TEXT NOT NULL,
        state TEXT NOT NULL,
        verdict TEXT
      ) STRICT;
      CREATE INDEX throttle_intents_open ON throttle_intents (step) WHERE step IN ('intended', 'calling', 'unknown');
      CREATE INDEX throttle_intents_at ON throttle_intents (at);
    `)
  },
}
