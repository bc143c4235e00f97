import { mkdir, open, unlink } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { SetupDraft } from '../../../shared/contract/console.ts'
import { readConfig } from '../../config/load.ts'
import { ConfigError } from '../../config/problems.ts'
import { renderConfig } from '../../config/render.ts'
import type { SiteConfig } from '../../config/types.ts'
import { Refusal } from '../session/refusal.ts'
import { type Message, message, said } from '../../../shared/messages/message.ts'

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
    const [first] = error.problems
    throw new Refusal(
      'invalid',
      said(error.problems.map(({ key, text }) => (key === '' ? text : `${key}: ${text}`)).join('; ')),
      first === undefined ? message('refusal.save.invalid.next') : said(first.nextStep),
    )
  }
}

function refusalOf(error: unknown, path: string): Refusal {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return code === 'EEXIST'
    ? new Refusal(
        'failed',
        message('refusal.save.exists', { path }),
        message('refusal.save.exists.next', { path }),
      )
    : new Refusal('failed', notWritten(code, path), message('refusal.save.next'))
}

function notWritten(code: string, path: string): Message {
  if (code === 'ENOSPC') return message('refusal.save.full', { path })
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return message('refusal.save.forbidden', { path })
  return code === ''
    ? message('refusal.save.unknown', { path })
    : message('refusal.save.failed', { path, code })
}
