import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SetupDraft } from '../../../shared/contract/console.ts'
import { readConfig } from '../../config/load.ts'
import { Refusal } from '../session/refusal.ts'
import { saveDraft } from './save.ts'

const draft: SetupDraft = {
  site: { name: 'Hall "7": east', timezone: 'Europe/Berlin' },
  prometheus: { url: 'http://127.0.0.1:9090' },
  exporters: ['127.0.0.1:9400', 'h-2:9400'],
}

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floorwatch-save-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('saving a draft', () => {
  it('writes what can be read back, for its owner alone', async () => {
    const path = join(folder, 'new', 'floorwatch.yaml')
    const config = await saveDraft(draft, path)
    expect(config.site).toEqual(draft.site)
    expect(readConfig(await readFile(path, 'utf8'), path).exporters?.static).toEqual(draft.exporters)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  it('never overwrites', async () => {
    const path = join(folder, 'floorwatch.yaml')
    await writeFile(path, 'mine')
    await expect(saveDraft(draft, path)).rejects.toThrow('never overwritten')
    expect(await readFile(path, 'utf8')).toBe('mine')
  })

  it('writes nothing that would be refused later', async () => {
    const path = join(folder, 'floorwatch.yaml')
    const error = await saveDraft({ ...draft, prometheus: null, exporters: [] }, path).catch(
      (e: unknown) => e,
    )
    expect(error).toBeInstanceOf(Refusal)
    await expect(stat(path)).rejects.toThrow('ENOENT')
  })

  it('comments what it writes and keeps texts texts', async () => {
    const path = join(folder, 'floorwatch.yaml')
    const config = await saveDraft({ ...draft, site: { name: 'yes', timezone: 'UTC' } }, path)
    expect(config.site.name).toBe('yes')
    expect(await readFile(path, 'utf8')).toMatch(/^# Floorwatch: one file per site/)
  })
})
