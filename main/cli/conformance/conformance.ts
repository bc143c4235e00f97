import { openSecret, readSmallFile, SecretError } from '../../config/secrets.ts'
import { createAgent } from '../../platform/http/index.ts'
import { UsageError } from '../usageError.ts'
import type { Output } from '../surroundings.ts'
import { runChecks } from './run.ts'
import { Session } from './session.ts'
import { verdictLines } from './verdict.ts'

export interface ConformanceArguments {
  readonly url: URL
  /** Where the bearer token is found; it never stands on a command line. */
  readonly token: { readonly env: string } | { readonly file: string }
  /** Tenant on whom throttles may be tried; null reads only. */
  readonly write: string | null
  readonly json: boolean
  /** Extra authority to trust, PEM. */
  readonly caFile: string | null
}

const MAX_PEM_BYTES = 1024 * 1024

/**
 * `floorwatch conformance URL`: tries every sentence of the Metering API that can be tried from outside.
 * @returns 0 when nothing failed, else 1
 */
export async function conformance(asked: ConformanceArguments, output: Output): Promise<number> {
  const places = { env: process.env, folder: process.cwd() }
  const agent = createAgent({
    connections: 4,
    tls: asked.caFile === null ? {} : { ca: readSmallFile(asked.caFile, MAX_PEM_BYTES) },
  })
  try {
    const session = new Session({
      base: baseOf(asked.url),
      agent,
      token: openSecret(asked.token, places),
      writeTenant: asked.write,
    })
    const findings = await runChecks(session, () => undefined)
    const backend = session.capabilities?.backend
    const name = backend === undefined ? asked.url.href : `${backend.name} ${backend.version}`
    const failed = findings.some(({ outcome }) => outcome === 'failed')
    if (asked.json) output.out(JSON.stringify({ backend: name, conforms: !failed, findings }, null, 2))
    else for (const line of verdictLines(name, findings)) output.out(line)
    return failed ? 1 : 0
  } catch (error) {
    if (error instanceof SecretError) throw new UsageError(`${error.message}. ${error.nextStep}`)
    throw error
  } finally {
    await agent.close()
  }
}

/** The address as the demo and others print it, with a /v1, is as good; a query or fragment has no place in it. */
export function baseOf({ origin, pathname }: URL): string {
  return origin + pathname.replace(/\/+$/, '').replace(/\/v1$/, '')
}
