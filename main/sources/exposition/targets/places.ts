import { describeStatus, SourceFailure } from '../../../platform/failure.ts'
import { boundedRequest, type HttpAgent } from '../../../platform/http/index.ts'
import { type SectionSecret, secretRule } from './secrets.ts'
import { type FilesRead, readChangedFiles } from './sdFiles.ts'
import { MAX_LIST_BYTES, readList, readTargetGroups } from './groups.ts'

export interface ListPlaceOptions extends SectionSecret {
  readonly agent: HttpAgent
  readonly headers?: Readonly<Record<string, string>>
  readonly deadlineMs: number
  /** How often files are looked at, ms; 5 s where none is given. */
  readonly filesEveryMs?: number
  /** How often HTTP SD is asked, ms; 60 s where none is given, as Prometheus does. */
  readonly httpEveryMs?: number
}

/** One place where targets are listed. */
export interface ListPlace {
  readonly name: string
  readonly address: string
  readonly everyMs: number
  /** @throws what describeFailure puts in words */
  read(signal: AbortSignal): Promise<FilesRead>
}

/** @param pattern an absolute path; `*` in its last part stands for any characters */
export function filePlace(pattern: string, options: ListPlaceOptions): ListPlace {
  const { filesEveryMs = 5000 } = options
  return {
    name: 'file_sd',
    address: pattern,
    everyMs: filesEveryMs,
    read: readChangedFiles(pattern, secretRule(options) ?? undefined),
  }
}

export function httpPlace(url: string, options: ListPlaceOptions): ListPlace {
  return {
    name: 'HTTP SD',
    address: url,
    everyMs: options.httpEveryMs ?? 60_000,
    async read(signal) {
      const answer = await boundedRequest({
        url,
        agent: options.agent,
        headers: { ...options.headers, accept: 'application/json' },
        ...(options.authorise ? { authorise: options.authorise } : {}),
        deadlineMs: options.deadlineMs,
        maxBodyBytes: MAX_LIST_BYTES,
        compressed: true,
        signal,
      })
      if (answer.status !== 200)
        throw new SourceFailure(describeStatus(answer.status, { source: 'HTTP SD', address: url }))
      const text = new TextDecoder().decode(answer.body)
      return {
        list: readList(() => readTargetGroups(text, 'json'), 'HTTP SD', url),
        failure: null,
        warnings: [],
      }
    },
  }
}
