import { stringify } from 'yaml'
import type { Verdict } from '../../../../shared/contract/console.ts'
import type { CommandParsed } from '../../../../shared/contract/contract.ts'
import { readConfig } from '../../../config/load.ts'
import { ConfigError } from '../../../config/problems.ts'
import type { SiteConfig } from '../../../config/types.ts'
import { SourceFailure } from '../../../platform/failure.ts'
import { targetOf } from '../../../sources/exposition/index.ts'
import { probeExporter } from './exporter.ts'
import type { ProbeOptions } from './options.ts'
import { probePrometheus } from './prometheus.ts'

/**
 * Tries one address with exactly the code that would use it later, and says in plain words what was found. Never
 * throws for anything that the address or its server does.
 */
export async function testAddress(
  probe: CommandParsed<'setup.test'>,
  options: ProbeOptions,
): Promise<Verdict> {
  let config: SiteConfig
  try {
    config = readConfig(probeText(probe), 'setup.yaml')
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const [first, ...others] = error.problems
    return {
      ok: false,
      title: first ? `This cannot be used: ${first.text}.` : 'This cannot be used.',
      details: others.map(({ text }) => text),
      nextStep: first?.nextStep ?? 'Correct the address.',
    }
  }
  try {
    if (config.prometheus) return await probePrometheus(config.prometheus, options)
    if (config.exporters) return await probeExporter(config.exporters, addressOf(probe.url), options)
    throw new Error('a probe is of a Prometheus or of an exporter')
  } catch (error) {
    if (!(error instanceof SourceFailure)) throw error
    return { ok: false, title: error.failure.text, details: [], nextStep: error.failure.nextStep }
  }
}

/** As discovery would read it: `/metrics` where no path is given. */
function addressOf(url: string): string {
  try {
    return targetOf(url, new Map()).url
  } catch (error) {
    throw new SourceFailure({
      code: 'address',
      text: error instanceof Error ? error.message : String(error),
      nextStep: 'Correct the address.',
    })
  }
}

/** A configuration of this address alone. */
function probeText({ kind, url, bearer, caFile }: CommandParsed<'setup.test'>): string {
  const access = {
    ...(bearer ? { bearer } : {}),
    ...(caFile === undefined || caFile === '' ? {} : { tls: { ca: caFile } }),
  }
  const section =
    kind === 'prometheus' ? { prometheus: { url, ...access } } : { exporters: { static: [url], ...access } }
  return stringify({ version: 1, site: { name: 'setup' }, ...section })
}
