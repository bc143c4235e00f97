import type { Migration } from '../../../main/store/index.ts'

/** Two halves of a number, which are written in one transaction. */
export const ROWS: Migration = {
  id: 1,
  name: 'pairs',
  up: (db) =>
    db.exec(
      'CREATE TABLE pair (id INTEGER NOT NULL, half INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (id, half)) STRICT',
    ),
}
