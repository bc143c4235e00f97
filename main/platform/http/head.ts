/** By lower-case names. */
export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>

export interface ResponseHead {
  readonly status: number
  readonly headers: ResponseHeaders
}

/** @param name in lower case. The first where a header came several times. */
export function headerOf(response: Pick<ResponseHead, 'headers'>, name: string): string | undefined {
  const value = response.headers[name]
  return Array.isArray(value) ? value[0] : value
}

/** In lower case, `''` for none; several as they were applied, with commas between. */
export function contentEncoding(headers: ResponseHeaders): string {
  const value = headers['content-encoding']
  return (Array.isArray(value) ? value.join(',') : (value ?? '')).trim().toLowerCase()
}
