/**
 * `node writer.ts FOLDER`: writes rows into the store of this folder until it is killed, each number on standard output
 * once its write has returned. Every third one is durable, and a pair of rows is one transaction.
 */
import { writeSync } from 'node:fs'
import { systemClock } from '../../../main/platform/clock.ts'
import { createLogger } from '../../../main/platform/logger.ts'
import { openStore } from '../../../main/store/index.ts'
import { ROWS } from './rows.ts'

const [folder = ''] = process.argv.slice(2)
const logger = createLogger({ level: 'silent' })
const store = openStore({ folder, clock: systemClock, logger, migrations: [ROWS] })
let next: number = store.write(true, (db) =>
  db.prepare('SELECT coalesce(max(id), 0) + 1 FROM pair').pluck().get(),
) as number
for (;;) {
  const id = next
  store.write(id % 3 === 0, (db) => {
    const put = db.prepare('INSERT INTO pair (id, half, text) VALUES (?, ?, ?)')
    put.run(id, 1, 'x'.repeat(id % 700))
    put.run(id, 2, 'y'.repeat(id % 900))
  })
  writeSync(1, `${id}\n`)
  next += 1
}
