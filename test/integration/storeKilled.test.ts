import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../main/platform/clock.ts'
import { createLogger } from '../../main/platform/logger.ts'
import { type Database, openStore, type Store, StoreFailure } from '../../main/store/index.ts'
import { ROWS } from '../support/storeWriter/rows.ts'

const WRITER = join(import.meta.dirname, '../support/storeWriter/writer.ts')
/** `npm run test:long` asks for a thousand. */
const KILLS = Number(process.env['FLOORWATCH_KILLS'] ?? 200)
const logger = createLogger({ level: 'silent' })

function place(): { folder: string; open: () => Store } {
  const folder = mkdtempSync(join(tmpdir(), 'floorwatch-killed-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return { folder, open: () => openStore({ folder, clock: systemClock, logger, migrations: [ROWS] }) }
}

/** Kills the writer once it has acknowledged so many rows. @returns the last number that it acknowledged */
async function killedAfter(folder: string, rows: number): Promise<number> {
  const child = spawn(process.execPath, [WRITER, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  let seen = 0
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more
    seen += more.split('\n').length - 1
    if (seen >= rows) child.kill('SIGKILL')
  })
  await once(child, 'close')
  // A number that was cut off was not acknowledged.
  return Number(text.slice(0, text.lastIndexOf('\n')).split('\n').at(-1) ?? 0)
}

describe('a store whose engine is killed', () => {
  it(
    `${KILLS} times while it writes has every row that was acknowledged, whole, and is sound`,
    async () => {
      const { folder, open } = place()
      let acknowledged = 0
      for (let kill = 0; kill < KILLS; kill += 1) {
        acknowledged = Math.max(acknowledged, await killedAfter(folder, 1 + ((kill * 7) % 40)))
        if (kill % 10 !== 9 && kill !== KILLS - 1) continue
        const store = open()
        const db = store.database()
        expect(store.health()).toMatchObject({ state: 'open', notice: null })
        expect(db?.pragma('integrity_check', { simple: true })).toBe('ok')
        const { ids, most, halves } = (db as Database)
          .prepare('SELECT count(DISTINCT id) AS ids, max(id) AS most, count(*) AS halves FROM pair')
          .get() as { ids: number; most: number; halves: number }
        // None is missing in between, and none is half.
        expect([ids, halves]).toEqual([most, most * 2])
        expect(most).toBeGreaterThanOrEqual(acknowledged)
        store.close()
      }
      expect(acknowledged).toBeGreaterThan(KILLS)
    },
    KILLS * 2000,
  )
})

describe('a store with flipped bits', () => {
  it('is put aside or is as it was, and never ends its engine', () => {
    const { folder, open } = place()
    const store = open()
    store.write(true, (db) => {
      const put = db.prepare('INSERT INTO pair (id, half, text) VALUES (?, ?, ?)')
      for (let id = 1; id <= 400; id += 1) put.run(id, 1, `row ${id} `.repeat(20))
    })
    store.close()
    const path = join(folder, 'floorwatch.db')
    const whole = join(folder, 'whole')
    copyFileSync(path, whole)
    const bytes = readFileSync(whole)
    let found = 0
    for (let i = 0; i < 200; i += 1) {
      const flipped = Buffer.from(bytes)
      const at = (i * 7919 * 31) % flipped.length
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (i % 8))
      writeFileSync(path, flipped)
      const again = open()
      const health = again.health()
      if (health.state !== 'open' || health.notice !== null) found += 1
      try {
        again.database()?.prepare('SELECT * FROM pair').all()
        again.write(true, (db) => db.prepare("INSERT OR REPLACE INTO pair VALUES (9999, 1, '')").run())
      } catch (error) {
        // Damage that shows only when it is read is said, and the file is put aside.
        if (!(error instanceof StoreFailure)) expect(String(error)).toMatch(/malformed|corrupt|constraint/i)
        found += 1
      }
      again.close()
      rmSync(`${path}-wal`, { force: true })
      rmSync(`${path}-shm`, { force: true })
    }
    expect(found).toBeGreaterThan(0)
  })
})
