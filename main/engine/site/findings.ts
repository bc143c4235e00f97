import { SEVERITY } from '../../../shared/model/figure.ts'
import type { Finding } from '../../../shared/model/finding.ts'
import type { SourceHealth } from '../../../shared/model/source.ts'
import type { LiveFleet } from '../../core/fleet/types.ts'
import { MAX_FINDINGS } from '../../core/fleet/findings/findings.ts'
import { createSourceFindings } from '../../core/sources/findings.ts'

/** A little less than a second, so that a cut a second looks each time. */
const LOOK_EVERY_MS = 950

/** What is abnormal about a site: its floor and its sources in one list. */
export interface SiteFindings {
  /**
   * After each evaluation of the floor; `now` is the clock of the floor, ms. Sources are looked at once a second: of a
   * large site that is a list of thousands.
   */
  update(sources: () => readonly SourceHealth[], now: number): void
  list(): { findings: Finding[]; total: number }
  abnormal(): { critical: number; advisory: number }
}

export function createSiteFindings(fleet: LiveFleet, staleAfterMs: number): SiteFindings {
  const book = createSourceFindings({ patienceMs: Math.min(10_000, staleAfterMs / 3) })
  let ofSources: readonly Finding[] = []
  let lookedAt = Number.NEGATIVE_INFINITY
  return {
    update(sources, now) {
      if (now - lookedAt < LOOK_EVERY_MS) return
      lookedAt = now
      ofSources = book.list(sources(), now)
    },
    list() {
      const { findings, total } = fleet.findings()
      const all = [...findings, ...ofSources].toSorted(
        (a, b) => SEVERITY[b.severity] - SEVERITY[a.severity] || a.since - b.since || (a.id < b.id ? -1 : 1),
      )
      return { findings: all.slice(0, MAX_FINDINGS), total: total + ofSources.length }
    },
    abnormal() {
      const { critical, advisory } = fleet.abnormal()
      const count = (severity: Finding['severity']): number =>
        ofSources.filter((each) => each.severity === severity).length
      return { critical: critical + count('critical'), advisory: advisory + count('advisory') }
    },
  }
}
