import { stat, readFile } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import { checkExporters, checkFreshness, checkPrometheus, checkSite, checkThresholds } from './checks.ts'
import { MAX_BYTES, readDocument } from './document.ts'
import { parseDuration } from './duration.ts'
import { explainIssues } from './explain.ts'
import { expandInventory } from './inventory.ts'
import { resolveObjectives } from './objectives.ts'
import { ConfigError } from './problems.ts'
import { Reporter } from './reporter.ts'
import {
  resolveExporters,
  resolveInference,
  resolveMetering,
  resolvePrometheus,
  resolveDrift,
} from './resolve.ts'
import { type Config, configSchema } from './schema.ts'
import { whoElseWrites } from '../platform/whoElseWrites.ts'
import { type SecretPlaces, whyUnreadable } from './secrets.ts'
import { checkEconomics, checkInference, checkMetering, checkDrift } from './tokenChecks.ts'
import type { SiteConfig } from './types.ts'

/** Where references lead; the process's own environment unless a test says otherwise. */
export interface LoadOptions {
  readonly env?: SecretPlaces['env']
}

/**
 * Reads, checks and resolves one floorwatch.yaml.
 * @throws ConfigError with everything that is wrong, each with file, line, column, expectation and next step
 */
export async function loadConfig(path: string, options: LoadOptions = {}): Promise<SiteConfig> {
  const absolute = resolve(path)
  const config = readConfig(await readConfigText(absolute), absolute, options)
  const writer = whoElseWrites(absolute)
  if (writer === null) return config
  const place = { file: shownPath(absolute), line: 0, column: 0 }
  const text = `${writer}, who could send the secrets of this site elsewhere`
  const nextStep = `Run: chmod go-w ${absolute}`
  return { ...config, warnings: [{ place, key: '', text, nextStep }, ...config.warnings] }
}

/** As {@link loadConfig}, for a text that is already here; `path` names it in errors and starts relative paths. */
export function readConfig(text: string, path: string, options: LoadOptions = {}): SiteConfig {
  const document = readDocument(text, shownPath(path))
  if (document.problems.length > 0) throw new ConfigError(document.problems)
  if (document.value === null || document.value === undefined) {
    throw refuse(
      path,
      'the file is empty',
      'Start from the example, or run floorwatch without it for the setup.',
    )
  }
  const report = new Reporter(document)
  const parsed = configSchema.safeParse(document.value)
  if (!parsed.success) report.errors.push(...explainIssues(parsed.error.issues, document))

  const sections = parsed.success ? parsed.data : soundSections(document.value)
  const places = { env: options.env ?? process.env, folder: dirname(path) }
  const resolved = resolveSections(sections, places, report)
  if (parsed.success && !parsed.data.prometheus && !parsed.data.exporters) {
    report.error([], 'no source is configured', 'Add prometheus: or exporters:.')
  }
  if (!parsed.success || report.errors.length > 0) throw new ConfigError(report.errors)

  const { site, demo, thresholds, identity, freshness, economics, drift } = parsed.data
  return {
    path,
    site,
    demo,
    ...resolved,
    economics,
    drift: resolveDrift(drift),
    thresholds,
    hostLabels: identity.host ?? null,
    staleAfterMs: parseDuration(freshness.staleAfter) ?? 0,
    freezeAfterMs: parseDuration(freshness.freezeAfter) ?? 0,
    warnings: report.warnings,
  }
}

function resolveSections(
  sections: Partial<Config>,
  places: SecretPlaces,
  report: Reporter,
): Pick<SiteConfig, 'prometheus' | 'exporters' | 'metering' | 'inference' | 'inventory' | 'objectives'> {
  const { site, prometheus, exporters, metering, inference, inventory, thresholds, freshness } = sections
  const { economics, drift, objectives } = sections
  if (site) checkSite(site, report)
  if (prometheus) checkPrometheus(prometheus, report)
  if (exporters) checkExporters(exporters, report)
  if (thresholds) checkThresholds(thresholds, report)
  if (freshness) {
    const paces = [
      ...(prometheus ? [{ key: 'prometheus.refresh', duration: prometheus.refresh }] : []),
      ...(exporters ? [{ key: 'exporters.interval', duration: exporters.interval }] : []),
    ]
    checkFreshness(freshness, paces, report)
  }
  if (metering) checkMetering(metering, report)
  if (inference) checkInference(inference, prometheus !== undefined, report)
  if (economics) checkEconomics(economics, report)
  if (drift) {
    const paces = [metering?.refresh, inference?.interval].map((text) => parseDuration(text ?? '') ?? 0)
    checkDrift(drift, Math.max(...paces), report)
  }
  return {
    prometheus: prometheus ? resolvePrometheus(prometheus, places, report) : null,
    exporters: exporters ? resolveExporters(exporters, places, report) : null,
    metering: metering ? resolveMetering(metering, places, report) : null,
    inference: inference ? resolveInference(inference, places, report) : null,
    inventory: inventory ? expandInventory(inventory, report) : null,
    objectives: resolveObjectives(
      objectives ?? [],
      {
        metering: metering !== undefined,
        inference: inference !== undefined,
        prometheus: prometheus !== undefined,
      },
      report,
    ),
  }
}

/** The sections that are in order by themselves, so that their slips are told in the same go as the others'. */
function soundSections(value: unknown): Partial<Config> {
  if (typeof value !== 'object' || value === null) return {}
  const record = value as Record<string, unknown>
  const sound: Record<string, unknown> = {}
  for (const [key, schema] of Object.entries(configSchema.shape)) {
    if (!Object.hasOwn(record, key)) continue
    const section = schema.safeParse(record[key])
    if (section.success) sound[key] = section.data
  }
  return sound
}

/** @throws ConfigError where there is no text of a bearable size */
export async function readConfigText(path: string): Promise<string> {
  let bytes: Uint8Array
  try {
    const { size } = await stat(path)
    if (size > MAX_BYTES) {
      throw refuse(
        path,
        `the file has ${size} bytes, more than a configuration may have`,
        'Name another file.',
      )
    }
    bytes = await readFile(path)
  } catch (error) {
    if (error instanceof ConfigError) throw error
    throw refuse(path, `the file ${whyUnreadable(error)}`, 'Check the path after --config.')
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw refuse(path, 'the file is not UTF-8 text', 'Save it as UTF-8.')
  }
}

function refuse(path: string, text: string, nextStep: string): ConfigError {
  return new ConfigError([{ place: { file: shownPath(path), line: 0, column: 0 }, key: '', text, nextStep }])
}

/** As a terminal can open it: short inside the working folder, whole elsewhere. */
function shownPath(path: string): string {
  const near = relative(process.cwd(), path)
  return near === '' || near.startsWith('..') ? path : near
}
