import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isSameOrigin } from '../platform/origin.ts'
import { ownFolder, putFile } from '../platform/ownFolder.ts'
import type { Secret } from '../platform/secret.ts'
import { whoElseWrites } from '../platform/whoElseWrites.ts'
import { type LocatePlaces, userConfigFolder } from './locate.ts'
import { ConfigError, quoted } from './problems.ts'
import type { AccessOptions, MeteringOptions, SiteConfig } from './types.ts'

/**
 * A ./floorwatch.yaml that was not named with --config may have been planted: with a checkout, in a shared folder, beside a download.
 * It could send this person's tokens anywhere, so it is used only where no one else can have written it and, where it
 * names secrets, once the person has seen which of them go where.
 */
export interface SecretRoute {
  /** "environment variable PROM_TOKEN", "file /etc/floorwatch/token". */
  readonly secret: string
  /** Addresses that get it, or the lists that name them. */
  readonly to: readonly string[]
}

/**
 * A configuration that was found and not named. Nothing has been sent to any address yet.
 * @throws ConfigError where somebody else could have written it
 */
export function refuseForeign(path: string): void {
  const why = whoElseWrites(path)
  if (why === null) return
  throw new ConfigError([
    {
      place: { file: path, line: 0, column: 0 },
      key: '',
      text: `it was found in the working folder and is not used, because ${why}`,
      nextStep: `Name it with --config to use it all the same, or run: chmod go-w ${path}`,
    },
  ])
}

/** Which secrets a configuration sends, and where; in the order of the file. */
export function secretRoutes(config: SiteConfig): SecretRoute[] {
  const { prometheus, exporters, metering, inference } = config
  const sections: readonly (readonly [AccessOptions, readonly string[]])[] = [
    ...(prometheus === null ? [] : [[prometheus.access, [prometheus.url]] as const]),
    ...(exporters === null ? [] : [[exporters.access, targets(exporters)] as const]),
    ...(metering === null ? [] : [[metering.access, meteringAddresses(metering)] as const]),
    ...(inference === null ? [] : [[inference.access, targets(inference)] as const]),
  ]
  const routes = new Map<string, Set<string>>()
  for (const [access, to] of sections) {
    for (const { origin } of secretsOf(access)) {
      routes.set(origin, new Set([...(routes.get(origin) ?? []), ...to]))
    }
  }
  return [...routes].map(([secret, to]) => ({ secret, to: [...to] }))
}

/** The routes in lines for a person who is to accept them. */
export function describeRoutes(routes: readonly SecretRoute[]): string[] {
  const most = 4
  return routes.map(({ secret, to }) => {
    const rest = to.length > most ? ` and ${to.length - most} more` : ''
    return `the ${printableText(secret)} to ${to.slice(0, most).map(printableText).join(', ')}${rest}`
  })
}

const ACCEPTED = 'accepted-folders.json'

/** Whether this person has accepted these routes of this file before. */
export function isAccepted(config: SiteConfig, places: LocatePlaces): boolean {
  return accepted(places)[config.path] === digestOf(config)
}

/** Remembers it for the next start; other routes are asked about again. */
export async function accept(config: SiteConfig, places: LocatePlaces): Promise<void> {
  const folder = await ownFolder(userConfigFolder(places))
  const all = { ...accepted(places), [config.path]: digestOf(config) }
  await putFile(join(folder, ACCEPTED), `${JSON.stringify(all, null, 2)}\n`, 0o600)
}

function accepted(places: LocatePlaces): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(readFileSync(join(userConfigFolder(places), ACCEPTED), 'utf8'))
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    // Not there yet, or broken: then it is asked again.
    return {}
  }
}

function digestOf(config: SiteConfig): string {
  return createHash('sha256')
    .update(JSON.stringify(secretRoutes(config)))
    .digest('hex')
}

function secretsOf({ bearer, basic, tls, headers }: AccessOptions): Secret[] {
  const inHeaders = Object.values(headers).filter((value) => typeof value !== 'string')
  return [bearer, basic?.password, tls?.key, ...inHeaders].filter((secret) => secret instanceof Object)
}

/** The counters of a LiteLLM proxy are asked for with its token where they are at the proxy itself, else without. */
function meteringAddresses({ url, litellm }: MeteringOptions): string[] {
  const { metrics } = litellm
  return metrics !== null && isSameOrigin(metrics, url) ? [url, metrics] : [url]
}

function targets(section: {
  readonly static: readonly string[]
  readonly files: readonly string[]
  readonly http: readonly string[]
  readonly secretFor: readonly string[]
}): string[] {
  const lists = [...section.http, ...section.files]
  return [
    ...section.static,
    ...section.http,
    ...(lists.length === 0
      ? []
      : section.secretFor.map((entry) => `every address of ${entry} that ${lists.join(' or ')} names`)),
  ]
}

function printableText(text: string): string {
  return text.length > 200 ? `${quoted(text.slice(0, 60))}…` : text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '?')
}
