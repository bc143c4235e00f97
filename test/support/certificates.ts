import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { requirement } from './peers.ts'

const run = promisify(execFile)

export const openssl = requirement('openssl')

export interface Certificate {
  readonly certPath: string
  readonly keyPath: string
  readonly cert: Buffer
  readonly key: Buffer
}

/**
 * Issues a certificate with openssl into `folder`; `ca` has to come first and signs the others, `own…` signs itself.
 * @param extensions lines of an extension file, e.g. `subjectAltName=IP:127.0.0.1`
 */
export async function issue(
  folder: string,
  name: string,
  extensions: string,
  validity: readonly string[] = ['-days', '2'],
): Promise<Certificate> {
  const at = (ending: string) => join(folder, `${name}.${ending}`)
  await writeFile(at('ext'), extensions)
  const subject = ['-subj', `/CN=${name}`, '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  await run(openssl.path, ['req', '-new', ...subject, '-keyout', at('key'), '-out', at('csr')])
  const request = ['-in', at('csr'), '-out', at('pem'), '-extfile', at('ext')]
  const alone = name === 'ca' || name.startsWith('own')
  const ca = ['-CA', join(folder, 'ca.pem'), '-CAkey', join(folder, 'ca.key'), '-CAcreateserial']
  const signer = alone ? ['-signkey', at('key')] : ca
  await run(openssl.path, ['x509', '-req', ...request, ...signer, ...validity])
  return {
    certPath: at('pem'),
    keyPath: at('key'),
    cert: await readFile(at('pem')),
    key: await readFile(at('key')),
  }
}
