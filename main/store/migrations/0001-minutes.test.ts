import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { systemClock } from '../../platform/clock.ts'
import { createLogger } from '../../platform/logger.ts'
import { openStore, type Store } from '../index.ts'
import { migration } from './0001-minutes.ts'

let folder = ''
let store: Store

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'floorwatch-minutes-'))
  const logger = createLogger({ level: 'silent' })
  store = openStore({ folder, clock: systemClock, logger, migrations: [migration] })
})
afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true })
})

it('keeps a minute of an objective once, and none that is not known', () => {
  const put = (at: number, known: number) =>
    store.write(false, (db) =>
      db
        .prepare(
          'INSERT OR REPLACE INTO minute (objective, at, good, bad, badLeast, known) VALUES (?, ?, 9, 1, 1, ?)',
        )
        .run('a', at, known),
    )
  put(7, 1)
  put(7, 0.5)
  expect(() => put(8, 0)).toThrow(/CHECK/)
  expect(store.database()?.prepare('SELECT at, known FROM minute').all()).toEqual([{ at: 7, known: 0.5 }])
})
