import type { Migration } from '../types.ts'

/** Machines of a floor without an inventory, for the engine's next start. `gpus` is JSON: slot, UUID and model of each. */
export const migration: Migration = {
  id: 8,
  name: 'known hosts',
  up(db) {
    db.exec(`CREATE TABLE known_host (
      name TEXT PRIMARY KEY,
      seen_at INTEGER NOT NULL,
      gpus TEXT NOT NULL
    ) STRICT`)
  },
}
