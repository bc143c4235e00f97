import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { message } from '../../../shared/messages/message.ts'
import type { RememberedHost } from '../../core/fleet/index.ts'
import { manualClock } from '../../platform/clock.ts'
import { createLogger } from '../../platform/logger.ts'
import { noStore, openStore, type Store } from '../../store/index.ts'
import { KnownHosts } from './knownHosts.ts'

const logger = createLogger({ level: 'silent' })
const clock = manualClock({ now: Date.UTC(2026, 11, 1, 3) })

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'floorwatch-hosts-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

function storeIn(place: string): Store {
  const store = openStore({ folder: place, clock, logger })
  onTestFinished(() => store.close())
  return store
}

const host = (name: string, gpus = 2): RememberedHost => ({
  name,
  seenAt: 1_764_000_000_000,
  gpus: Array.from({ length: gpus }, (_, slot) => ({
    slot,
    uuid: `GPU-${name}-${slot}`,
    model: 'NVIDIA H100',
  })),
})

describe('hosts that an engine hands to the next', () => {
  it('are those that were kept last, over a restart', () => {
    const place = folder()
    const first = storeIn(place)
    const known = new KnownHosts(first, logger)
    known.keep([host('h-1'), host('h-3')])
    known.keep([host('h-1'), host('h-2')])
    first.close()
    expect(new KnownHosts(storeIn(place), logger).read()).toEqual([host('h-1'), host('h-2')])
  })

  it('are left out where they are not in their form, and the others are there', () => {
    const store = storeIn(folder())
    const known = new KnownHosts(store, logger)
    known.keep([host('h-1')])
    store.write(false, (db) => {
      const insert = db.prepare('INSERT INTO known_host (name, seen_at, gpus) VALUES (?, ?, ?)')
      insert.run('h-2', 1, 'no JSON')
      insert.run('h-3', 1, '[{"slot":-1,"uuid":"","model":""}]')
      insert.run('h-4', -1, '[{"slot":0,"uuid":"","model":""}]')
    })
    expect(known.read().map(({ name }) => name)).toEqual(['h-1'])
  })

  it('are as many as a floor without an inventory has', () => {
    const known = new KnownHosts(storeIn(folder()), logger)
    known.keep(Array.from({ length: 300 }, (_, i) => host(`h-${i}`, 100)))
    expect(known.read()).toHaveLength(200)
  })

  it('are none where nothing is kept', () => {
    const known = new KnownHosts(noStore(message('store.notKept'), clock.now()), logger)
    known.keep([host('h-1')])
    expect(known.read()).toEqual([])
  })
})
