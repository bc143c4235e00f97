import type { Area } from '../check.ts'
import { Nonconformity } from '../verdict.ts'

/** Runs last: it judges every answer that the checks before it have read. */
export const contentChecks: Area = {
  title: 'Content',
  checks: [
    {
      title: 'no answer has a field for prompts, completions, messages or arguments',
      async run(session) {
        const [first] = session.contentFields
        if (first === undefined) return
        throw new Nonconformity(first, 'no such field', 'one that may hold what people wrote')
      },
    },
  ],
}
