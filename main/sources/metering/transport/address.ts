import { SourceFailure } from '../../../platform/failure.ts'
import { redactUrl } from '../../../platform/redact.ts'

export type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>

/** The configured address without a slash at its end. @throws SourceFailure for one that is none */
export function baseOf(address: string, title: string): URL {
  const url = URL.canParse(address) ? new URL(address) : null
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new SourceFailure({
      code: 'address',
      text: `${title}: "${redactUrl(address)}" is not an http:// or https:// address`,
      nextStep: 'Write it like https://metering.example.',
    })
  }
  url.hash = ''
  url.pathname = url.pathname.replace(/\/+$/, '')
  return url
}

/** @param path begins with a slash; what stands in it from outside went through {@link segment} */
export function addressOf(base: URL, path: string, query: Query = {}): URL {
  const url = new URL(base)
  url.pathname = base.pathname.replace(/\/$/, '') + path
  for (const [name, value] of Object.entries(query)) {
    for (const each of value === undefined ? [] : [value].flat()) url.searchParams.append(name, String(each))
  }
  return url
}

/**
 * A name from outside as one part of a path.
 * @throws SourceFailure for `.` and `..`: every URL parser takes them, escaped or not, for a way up the path
 */
export function segment(name: string): string {
  if (name !== '.' && name !== '..' && name !== '') return encodeURIComponent(name)
  throw new SourceFailure({
    code: 'question',
    text: `"${name}" cannot be asked for: it is no name that an address can hold`,
    nextStep: 'Choose another name.',
  })
}
