import { mkdir, open, unlink } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { SetupDraft } from '../../../shared/contract/console.ts'
import { readConfig } from '../../config/load.ts'
import { ConfigError } from '../../config/problems.ts'
import { renderConfig } from '../../config/render.ts'
import type { SiteConfig } from '../../config/types.ts'
import { Refusal } from '../session/refusal.ts'

/**
 * Writes a new floorwatch.yaml, readable by its owner alone, and gives back what it says. Nothing is written unless
 * the configuration would be accepted, and a file that is already there is left alone.
 * @throws Refusal with what is wrong and what to do
 */
export async function saveDraft(draft: SetupDraft, path: string): Promise<SiteConfig> {
  const target = resolve(path)
  const text = renderConfig(draft)
  const config = accepted(text, target)
  try {
    await mkdir(dirname(target), { recursive: true, mode: 0o700 })
    const file = await open(target, 'wx', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } catch (error) {
      // Half a file would stand in the way of the next attempt.
      await unlink(target).catch(() => undefined)
      throw error
    } finally {
      await file.close()
    }
  } catch (error) {
    throw refusalOf(error, target)
  }
  return config
}

function accepted(text: string, path: string): SiteConfig {
  try {
    return readConfig(text, path)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    throw new Refusal(
      'invalid',
      error.problems.map(({ key, text }) => (key === '' ? text : `${key}: ${text}`)).join('; '),
      error.problems[0]?.nextStep ?? 'Correct the values and save again.',
    )
  }
}

function refusalOf(error: unknown, path: string): Refusal {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'EEXIST') {
    return new Refusal(
      'failed',
      `${path} exists already, and a configuration is never overwritten.`,
      `Start Floorwatch with --config ${path}, or move the file away and save again.`,
    )
  }
  const why =
    code === 'EACCES' || code === 'EPERM' || code === 'EROFS' ? 'this user may not write there' : code
  return new Refusal(
    'failed',
    `${path} could not be written: ${code === 'ENOSPC' ? 'the disk is full' : why || 'unknown reason'}.`,
    'Check the folder, its permissions and the space on its disk.',
  )
}
