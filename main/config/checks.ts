import { field, type FieldId } from '../../shared/model/field.ts'
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

type Prometheus = NonNullable<Config['prometheus']>
type Exporters = NonNullable<Config['exporters']>

/** Rules that one key alone cannot tell. Each looks at one section, so that a broken one does not hide the others. */
export function checkSite(site: Config['site'], report: Reporter): void {
  try {
    Intl.DateTimeFormat('en', { timeZone: site.timezone })
  } catch {
    const meant = nearest(site.timezone, Intl.supportedValuesOf('timeZone'))
    report.error(
      ['site', 'timezone'],
      `"${quoted(site.timezone)}" is no time zone of the IANA list`,
      meant === null ? 'Write it as Area/City, e.g. Europe/Paris, or UTC.' : `Did you mean ${meant}?`,
    )
  }
}

export function checkPrometheus(prometheus: Prometheus, report: Reporter): void {
  checkAddress(['prometheus', 'url'], prometheus.url, report)
  checkAccess('prometheus', prometheus, [prometheus.url], report)
  const refresh = checkPace(['prometheus', 'refresh'], prometheus.refresh, report)
  checkPace(['prometheus', 'identityEvery'], prometheus.identityEvery, report)
  checkTimeout('prometheus', prometheus.timeout, refresh, 'refresh', report)
  checkHeaders('prometheus', prometheus.headers, report)
  checkSelector('prometheus', prometheus.selector, 'cluster="a", job=~"dcgm.*"', report)
}

export function checkExporters(exporters: Exporters, report: Reporter): void {
  const { files, http } = exporters
  if (exporters.static.length + files.length + http.length === 0) {
    report.error(['exporters'], 'no exporter is named', 'Give static, files or http, or remove the section.')
  }
  checkTargets('exporters', exporters, report)
  checkSecretFor('exporters', exporters, report)
  checkAccess('exporters', exporters, targetAddresses(exporters), report)
  const interval = checkPace(['exporters', 'interval'], exporters.interval, report)
  checkTimeout('exporters', exporters.timeout, interval, 'interval', report)
}

/**
 * A critical limit below the advisory one means that low figures are abnormal: power, clocks, activity. No field of
 * heat is meant so: there the two were swapped.
 */
export function checkThresholds(thresholds: Config['thresholds'], report: Reporter): void {
  for (const [id, { advisory, critical }] of Object.entries(thresholds)) {
    if (advisory > critical && field(id as FieldId).display.unit === '°C') {
      report.error(
        ['thresholds', id, 'advisory'],
        `advisory (${advisory}) lies above critical (${critical})`,
        'A temperature passes advisory first: make it the lower one.',
      )
    }
  }
}

export function checkFreshness(
  freshness: Config['freshness'],
  paces: readonly { readonly key: string; readonly duration: string }[],
  report: Reporter,
): void {
  const staleAfter = checkPace(['freshness', 'staleAfter'], freshness.staleAfter, report)
  checkPace(['freshness', 'freezeAfter'], freshness.freezeAfter, report)
  for (const { key, duration } of paces) {
    const pace = parseDuration(duration)
    if (pace !== null && staleAfter !== null && staleAfter < pace * 2) {
      report.warn(
        ['freshness', 'staleAfter'],
        `${freshness.staleAfter} is less than two times ${key} (${duration}), so one late answer makes the floor stale`,
        'Make it at least three times as long.',
      )
    }
  }
}
