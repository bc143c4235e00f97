import type { Handlers } from '../http/handler.ts'

/**
 * The same answers, but for what they say of themselves: while a part of the factory does not report, everything that
 * counts usage is incomplete and names it.
 * @param missing in plain words; empty where everything has reported
 */
export function withMissing<H extends Partial<Handlers>>(handlers: H, missing: () => readonly string[]): H {
  const wrapped = Object.entries(handlers).map(([name, handle]) => {
    // Every handler takes the request of its own operation; it goes through untouched.
    const answer = handle as (request: unknown) => { readonly body: object }
    return [
      name,
      (request: unknown) => {
        const result = answer(request)
        const absent = missing()
        if (absent.length === 0 || !('complete' in result.body)) return result
        const known = 'missing' in result.body ? (result.body.missing as readonly string[]) : []
        return { ...result, body: { ...result.body, complete: false, missing: [...known, ...absent] } }
      },
    ]
  })
  return Object.fromEntries(wrapped) as H
}
