import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate as unzlib } from 'node:zlib'
import { RequestFailure } from '../failure.ts'

const decoders = new Map([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['deflate', promisify(unzlib)],
  ['br', promisify(brotliDecompress)],
])

/**
 * Undoes one content encoding, off the event loop, and stops as soon as the output passes `maxBytes`: a gzip bomb of
 * a few kilobytes must not become gigabytes.
 *
 * @throws RequestFailure `too-large` or `encoding`
 */
export async function inflate(body: Buffer, encoding: string, maxBytes: number): Promise<Uint8Array> {
  if (encoding === '' || encoding === 'identity') return body
  const decode = decoders.get(encoding)
  if (decode === undefined) {
    throw new RequestFailure(
      'encoding',
      `the answer is encoded as "${encoding.slice(0, 40)}", which was not asked for`,
    )
  }
  try {
    return await decode(body, { maxOutputLength: maxBytes, chunkSize: chunkSize(body.byteLength) })
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new RequestFailure('too-large', `the answer inflates to more than ${maxBytes} bytes`, {
        limit: maxBytes,
        inflated: true,
      })
    }
    throw new RequestFailure('encoding', `the ${encoding} body is damaged`, {}, error)
  }
}

/** Metrics shrink about tenfold; fewer, larger chunks mean fewer turns through the thread pool. */
function chunkSize(compressedBytes: number): number {
  return Math.min(1 << 20, Math.max(16 * 1024, compressedBytes * 4))
}
