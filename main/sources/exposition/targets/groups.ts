import { parseDocument } from 'yaml'
import { z } from 'zod'
import { SourceFailure } from '../../../platform/failure.ts'
import { redactUrl, usedSecrets } from '../../../platform/redact.ts'
import { targetOf } from './address.ts'
import type { ScrapeTarget } from './target.ts'

/** Targets in Prometheus' own format, which file_sd files and HTTP SD share, and what of them was not usable. */
export interface TargetList {
  readonly targets: readonly ScrapeTarget[]
  /** Entries left out, each with its place and reason; at most 20. */
  readonly problems: readonly string[]
}

const MOST_PROBLEMS = 20
/** A list of 100k exporters is about 20 MB; more is a mistake. */
export const MAX_LIST_BYTES = 32 * 1024 * 1024

const groupSchema = z.object({
  targets: z.array(z.unknown()),
  labels: z.record(z.string(), z.unknown()).nullish(),
})

/**
 * Reads `[{targets: [...], labels: {...}}]`. Entries that are wrong are named and left out, good ones used.
 * @throws Error where the text as a whole is no such list
 */
export function readTargetGroups(text: string, format: 'json' | 'yaml'): TargetList {
  const value = format === 'json' ? readJson(text) : readYaml(text)
  if (!Array.isArray(value))
    throw new Error('expected a list of target groups, [{"targets": […], "labels": {…}}]')
  const targets: ScrapeTarget[] = []
  const problems: string[] = []
  const problem = (text: string): void => void (problems.length < MOST_PROBLEMS && problems.push(text))

  for (const [index, entry] of value.entries()) {
    const group = groupSchema.safeParse(entry)
    if (!group.success) {
      problem(`group ${index + 1}: expected "targets" with a list and "labels" with names and texts`)
      continue
    }
    const labels = new Map<string, string>()
    for (const [name, label] of Object.entries(group.data.labels ?? {})) {
      // YAML reads `rack: 12` as a number; Prometheus takes it as text.
      if (typeof label === 'string') labels.set(name, usedSecrets.scrubWord(label))
      else if (typeof label === 'number' || typeof label === 'boolean') labels.set(name, String(label))
      else problem(`group ${index + 1}: the label ${name.slice(0, 64)} is not a text; left out`)
    }
    for (const [place, target] of group.data.targets.entries()) {
      try {
        if (typeof target !== 'string') throw new Error('expected a text')
        targets.push(targetOf(target, labels))
      } catch (error) {
        problem(`group ${index + 1}, target ${place + 1}: ${(error as Error).message}`)
      }
    }
  }
  return { targets, problems }
}

/** Puts a list that cannot be read in the words of a source. */
export function readList(read: () => TargetList, source: string, address: string): TargetList {
  try {
    return read()
  } catch (error) {
    throw new SourceFailure({
      code: 'parse',
      text: `${source}: ${redactUrl(address)}: ${(error as Error).message}`,
      nextStep: 'Correct the list; the format is that of Prometheus’ file_sd and http_sd.',
    })
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`it is no valid JSON (${(error as Error).message})`, { cause: error })
  }
}

function readYaml(text: string): unknown {
  const document = parseDocument(text, { prettyErrors: true })
  const [error] = document.errors
  if (error !== undefined)
    throw new Error(`it is no valid YAML (${error.message.split('\n')[0]})`, { cause: error })
  return document.toJS({ maxAliasCount: 100 }) as unknown
}
