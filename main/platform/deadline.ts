import type { SourceError } from '../../shared/model/source.ts'
import { SourceFailure } from './failure.ts'

/**
 * Gives work up at its deadline, also work that heeds no signal: `round` is aborted, and what it still brings is of no
 * account. What it throws at once is a rejection too.
 * @param deadlineMs ms; undefined for work whose questions have deadlines of their own
 * @throws SourceFailure with the code `timeout` at the deadline, else what `work` throws
 */
export async function withinDeadline(
  work: (signal: AbortSignal) => Promise<void> | void,
  round: AbortController,
  what: string,
  deadlineMs: number | undefined,
): Promise<void> {
  // Later than this turn, for what it throws at once.
  const asked = Promise.resolve().then(() => (round.signal.aborted ? undefined : work(round.signal)))
  if (deadlineMs === undefined) return await asked
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new SourceFailure(lateError(what, deadlineMs)))
      round.abort()
    }, deadlineMs)
  })
  try {
    await Promise.race([asked, late])
  } finally {
    clearTimeout(timer)
  }
}

function lateError(what: string, deadlineMs: number): SourceError {
  return {
    code: 'timeout',
    text: `No answer for ${what} within ${deadlineMs < 1000 ? `${deadlineMs} ms` : `${deadlineMs / 1000} s`}.`,
    nextStep: 'Check that the source is running and not overloaded.',
  }
}
