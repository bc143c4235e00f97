import { placesHere } from '../../config/locate.ts'
import { describeProblem } from '../../config/problems.ts'
import type { SiteConfig } from '../../config/types.ts'
import { createEngine, identifyPrometheus, inProcessWire } from '../../engine/index.ts'
import { systemClock } from '../../platform/clock.ts'
import { printable } from '../../platform/foreignText.ts'
import { createLogger } from '../../platform/logger.ts'
import { chosenConfig } from '../chosenConfig.ts'
import { type Output, VERSION } from '../surroundings.ts'
import { describeObjectives, observeObjectives } from './objectives.ts'
import { observe, type WatchResult, type Subject } from './observe.ts'
import type { Part } from './telling.ts'
import type { TokensFound } from './tokensVerdict.ts'
import { describeCheck, type WayFound } from './verdict.ts'

const LONGEST_MS = 60_000
const OBJECTIVES_MS = 30_000
const NO_TOKENS = { metering: null, inference: null } as const

/**
 * Asks every source of a configuration once, each way by itself and with the very code that watches the floor later.
 * @returns 0 when everything answers, else 1
 * @throws ConfigError for a configuration that is refused
 */
export async function check(named: string | null, output: Output): Promise<number> {
  const config = await chosenConfig(named, placesHere(), output)
  if (config === null) {
    output.err('There is no configuration to check. Name one: floorwatch check --config floorwatch.yaml')
    return 1
  }
  output.out(`ok     ${config.path} is a good configuration of "${printable(config.site.name)}".`)
  for (const warning of config.warnings) output.out(`       ${describeProblem(warning)}`)

  const [found, tokensFound, objectives] = await Promise.all([
    Promise.all([
      ...(config.prometheus === null ? [] : [throughPrometheus(config)]),
      ...(config.exporters === null ? [] : [throughExporters(config)]),
    ]),
    lookAtTokens(config),
    lookAtObjectives(config),
  ])
  const verdict = describeCheck(found, tokensFound, objectives)
  for (const line of verdict.lines) output.out(line)
  return verdict.ok ? 0 : 1
}

async function throughPrometheus(config: SiteConfig): Promise<WayFound> {
  const [observation, identity] = await Promise.all([
    look(
      { ...config, ...NO_TOKENS, exporters: null },
      deadlineOf(config.prometheus?.access.timeoutMs, config.prometheus?.refreshMs),
    ),
    config.prometheus === null ? '' : identifyPrometheus(config.prometheus, systemClock),
  ])
  return { way: 'prometheus', observation, identity }
}

async function throughExporters(config: SiteConfig): Promise<WayFound> {
  const { exporters } = config
  const deadline = deadlineOf(exporters?.access.timeoutMs, exporters?.intervalMs)
  return {
    way: 'exporters',
    observation: await look({ ...config, ...NO_TOKENS, prometheus: null }, deadline),
  }
}

/** Who used tokens, and who served them, each way by itself. */
function lookAtTokens(config: SiteConfig): Promise<TokensFound[]> {
  const { metering, inference, prometheus } = config
  const alone = { ...config, ...NO_TOKENS, prometheus: null, exporters: null }
  const asked: Promise<TokensFound>[] = []
  if (metering !== null) {
    const deadline = deadlineOf(metering.access.timeoutMs, metering.refreshMs)
    asked.push(found('metering', look({ ...alone, metering }, deadline, 'metering')))
  }
  if (inference !== null) {
    const deadline = deadlineOf(inference.access.timeoutMs, inference.intervalMs)
    const { static: addresses, files, http } = inference
    if (inference.prometheus && prometheus !== null) {
      const through = { ...inference, static: [], files: [], http: [] }
      const site = { ...alone, prometheus, inference: through }
      asked.push(found('servers through Prometheus', look(site, deadline, 'inference')))
    }
    if (addresses.length + files.length + http.length > 0) {
      const direct = { ...alone, inference: { ...inference, prometheus: false } }
      asked.push(found('servers', look(direct, deadline, 'inference')))
    }
  }
  return Promise.all(asked)
}

async function found(way: TokensFound['way'], observing: Promise<WatchResult>): Promise<TokensFound> {
  return { way, observation: await observing }
}

/** First questions are spread over one interval, and a slow answer may take its whole time-out. */
function deadlineOf(timeoutMs = 0, paceMs = 0): number {
  return Math.min(LONGEST_MS, timeoutMs + paceMs * 2 + 5000)
}

/** All that measures them at once, as later; floors and their hosts are not asked again. */
async function lookAtObjectives(config: SiteConfig): Promise<Part[]> {
  if (config.objectives.length === 0) return []
  const engine = engineOf({ ...config, exporters: null })
  try {
    const { engineEnd, screenEnd } = inProcessWire()
    engine.attach(engineEnd, 'console')
    return describeObjectives(await observeObjectives(screenEnd, OBJECTIVES_MS))
  } finally {
    await engine.close()
  }
}

function engineOf(config: SiteConfig) {
  return createEngine({
    config,
    host: { launchDemo: () => Promise.reject(new Error('A check starts no demo factory.')) },
    clock: systemClock,
    logger: createLogger({ level: 'silent' }),
    version: VERSION,
    paths: { newConfig: config.path },
  })
}

async function look(config: SiteConfig, deadlineMs: number, subject: Subject = 'floor') {
  const engine = engineOf({ ...config, objectives: [] })
  try {
    const { engineEnd, screenEnd } = inProcessWire()
    // Whoever runs a check owns the configuration: all that sources say may be read.
    engine.attach(engineEnd, 'console')
    return await observe(screenEnd, deadlineMs, subject)
  } finally {
    await engine.close()
  }
}
