import { GPU_TYPES } from '../../shared/model/gpuType.ts'
import { REFERENCE_TYPES } from '../../shared/model/economics.ts'
import { signalProblem } from '../../shared/model/inference.ts'
import { parseDuration } from './duration.ts'
import { quoted } from './problems.ts'
import type { Reporter } from './reporter.ts'
import type { Config } from './schema.ts'
import {
  checkAccess,
  checkAddress,
  checkHeaders,
  checkPace,
  checkSelector,
  checkSecretFor,
  checkTargets,
  checkTimeout,
  targetAddresses,
} from './sourceChecks.ts'
import { nearest } from './suggest.ts'

type Metering = NonNullable<Config['metering']>
type Inference = NonNullable<Config['inference']>

const MIN_WINDOW_MS = 10_000
const KNOWN_TYPES = [...new Set([...GPU_TYPES.map(({ name }) => name), ...Object.keys(REFERENCE_TYPES)])]

export function checkMetering(metering: Metering, report: Reporter): void {
  const { kind, url, litellm, openmeter } = metering
  checkAddress(['metering', 'url'], url, report)
  if (litellm.metrics !== undefined) checkAddress(['metering', 'litellm', 'metrics'], litellm.metrics, report)
  checkAccess(
    'metering',
    metering,
    [url, ...(litellm.metrics === undefined ? [] : [litellm.metrics])],
    report,
  )
  checkHeaders('metering', metering.headers, report)
  const refresh = checkPace(['metering', 'refresh'], metering.refresh, report)
  const lagAllowed = checkPace(['metering', 'lagAllowed'], metering.lagAllowed, report)
  if (metering.timeout !== undefined) checkPace(['metering', 'timeout'], metering.timeout, report)
  if (refresh !== null && lagAllowed !== null && lagAllowed < refresh * 2) {
    report.warn(
      ['metering', 'lagAllowed'],
      `${metering.lagAllowed} is less than two times refresh (${metering.refresh}), so one late answer is called lagging`,
      'Make it at least three times as long.',
    )
  }
  if (kind === 'api' && /\/v1\/*$/.test(url)) {
    report.warn(
      ['metering', 'url'],
      'the address ends in /v1, and Floorwatch adds /v1 itself',
      'Remove it from the address.',
    )
  }
  if (kind === 'litellm' && litellm.metrics === undefined) {
    report.warn(
      ['metering', 'litellm'],
      'without the /metrics of the proxy only the past is known, no live rates',
      'Add litellm: { metrics: ADDRESS }.',
    )
  }
  if (kind !== 'litellm' && litellm.metrics !== undefined) unused('litellm', kind, report)
  if (kind !== 'openmeter' && openmeter.requests !== null) unused('openmeter', kind, report)
}

function unused(section: string, kind: string, report: Reporter): void {
  report.warn(
    ['metering', section],
    `these settings have no effect while kind is ${kind}`,
    `Write kind: ${section}, or remove them.`,
  )
}

/** @param prometheus whether that section is there: the servers may be reached through it */
export function checkInference(inference: Inference, prometheus: boolean, report: Reporter): void {
  const { static: fixed, files, http, models } = inference
  const targets = fixed.length + files.length + http.length
  if (targets === 0 && !(inference.prometheus && prometheus)) {
    report.error(
      ['inference'],
      inference.prometheus
        ? 'no server is named, and there is no prometheus: section to ask for their series'
        : 'no server is named, and asking Prometheus is switched off',
      'Give static, files or http, or ask through Prometheus.',
    )
  }
  checkTargets('inference', inference, report)
  checkSecretFor('inference', inference, report)
  checkAccess('inference', inference, targetAddresses(inference), report)
  checkSelector('inference', inference.selector, 'cluster="a", job=~"vllm.*"', report)
  for (const [series, signal] of Object.entries(inference.names)) {
    const problem = signalProblem(series, signal)
    if (problem !== null) report.error(['inference', 'names', series], problem, 'Correct the name.')
  }
  const interval = checkPace(['inference', 'interval'], inference.interval, report)
  checkTimeout('inference', inference.timeout, interval, 'interval', report)
  for (const [from, to] of Object.entries(models)) {
    if (models[to] !== undefined && models[to] !== to) {
      report.warn(
        ['inference', 'models', from],
        `"${quoted(to)}" is itself renamed, and names are followed once only`,
        `Write "${quoted(models[to] ?? '')}" here if that is meant.`,
      )
    }
  }
}

export function checkEconomics(economics: Config['economics'], report: Reporter): void {
  for (const key of ['rentedShare', 'soldShare'] as const) {
    if (Number(economics.assumptions[key]) > 1) {
      report.error(
        ['economics', 'assumptions', key],
        `a share lies between "0" and "1", found "${quoted(economics.assumptions[key])}"`,
        'Write 60 % as "0.6".',
      )
    }
  }
  for (const key of ['costPerGpuHour', 'referenceTokensPerSecond'] as const) {
    for (const type of Object.keys(economics[key])) {
      if (KNOWN_TYPES.includes(type)) continue
      const meant = nearest(type, KNOWN_TYPES)
      report.warn(
        ['economics', key, type],
        `"${quoted(type)}" is no GPU type that Floorwatch knows`,
        meant === null ? 'It is used for GPUs of exactly that name.' : `Did you mean ${meant}?`,
      )
    }
  }
}

/** @param paceMs how often the slower of the two sides brings new figures */
export function checkDrift(drift: Config['drift'], paceMs: number, report: Reporter): void {
  const { window, lag } = drift
  const windowMs = checkPace(['drift', 'window'], window, report)
  if (windowMs !== null && windowMs < MIN_WINDOW_MS) {
    report.error(
      ['drift', 'window'],
      `${window} is too short to compare anything`,
      'Choose 10s or more; 60s is usual.',
    )
  } else if (windowMs !== null && windowMs < paceMs * 3) {
    report.warn(
      ['drift', 'window'],
      `${window} holds fewer than three answers of the slower side, so its edges weigh as much as what is compared`,
      'Make it longer, or ask more often.',
    )
  }
  const lagMs = parseDuration(lag)
  if (lagMs === null || lagMs > 3_600_000) {
    report.error(['drift', 'lag'], `${quoted(lag)} is out of bounds`, 'Choose between 0s and 1h.')
  }
}
