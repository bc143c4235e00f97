import { SEVERITY, type Severity } from '../../../shared/model/figure.ts'
import type { Finding } from '../../../shared/model/finding.ts'
import { grouped } from '../../../shared/model/phrases.ts'
import type { SourceHealth } from '../../../shared/model/source.ts'
import { type Message, message, said } from '../../../shared/messages/message.ts'
import { type Begin, FIRST_LOOK_MS } from '../begin.ts'

/**
 * What sources do wrong, as findings of the floor: a floor is not OK while one of its sources was never heard, answers
 * with nothing, or contradicts itself. What a whole kind of sources has in common is one finding.
 *
 * An exporter that stops answering is not told here: its host goes stale, and that finding says why. Where none of several
 * answers, that is told here, once: whatever they share is the likelier fault.
 */
export interface SourceFindings {
  /**
   * @param sources health of all sources of the site
   * @param now wall clock, ms
   */
  list(sources: readonly SourceHealth[], now: number): readonly Finding[]
}

export interface SourceFindingsOptions {
  /** How long a source may take for its first answer, and how long it may fail before that is a finding, ms. */
  readonly patienceMs: number
}

/** One thing that is wrong with one source. */
interface Trouble {
  readonly source: SourceHealth
  /** Same for all sources that have the same trouble. */
  readonly code: string
  readonly severity: Severity
  /** Without the name of the source: "no longer answers". */
  readonly says: Message
  /** The whole sentence where one source alone has it. */
  readonly what: Message
  readonly by: Message | null
  readonly nextStep: Message
}

/** Failures of a source that answers, by their code. */
const USELESS: Readonly<Record<string, Message>> = {
  empty: message('finding.source.says.empty'),
  old: message('finding.source.says.old'),
}

/** Of a floor of which nothing is heard: its GPUs may be well or gone. */
const NONE_ANSWERS = {
  severity: 'critical',
  nextStep: message('finding.source.none.next'),
} as const

const MAX_NAMED = 3
const MAX_NAME = 120

export function createSourceFindings({ patienceMs }: SourceFindingsOptions): SourceFindings {
  /** When each source was first asked for, and since when it fails, ms. */
  let firstSeen = new Map<string, number>()
  let failingSince = new Map<string, number>()
  let since = new Map<string, Begin>()

  function follow(sources: readonly SourceHealth[], now: number): void {
    firstSeen = new Map(sources.map(({ id }) => [id, firstSeen.get(id) ?? now]))
    const failing = sources.filter(isFailing)
    failingSince = new Map(failing.map(({ id }) => [id, failingSince.get(id) ?? now]))
  }

  /**
   * The last success dates a silence. What a source has had since it was first asked began then or before: the start of
   * this console is no fault's.
   */
  function beginOf(group: readonly Trouble[], now: number): Begin {
    const [first] = group
    const { lastSuccessAt } = first?.source ?? {}
    if (first?.code === 'silent' && typeof lastSuccessAt === 'number')
      return { at: lastSuccessAt, atLeast: false }
    if (first?.code === 'none') {
      const heard = group.flatMap(({ source }) => source.lastSuccessAt ?? [])
      if (heard.length > 0) return { at: Math.max(...heard), atLeast: false }
    }
    const asked = Math.min(...group.map(({ source }) => firstSeen.get(source.id) ?? now))
    if (first?.code === 'never-answered' || first?.code === 'none') return { at: asked, atLeast: true }
    return { at: now, atLeast: now - asked <= FIRST_LOOK_MS }
  }

  function troublesOf(source: SourceHealth, now: number): Trouble[] {
    const troubles: Trouble[] = source.doubts.map((doubt) => ({ ...doubt, source, says: doubt.what }))
    const asked = source.state !== 'standby'
    const silentMs = now - (firstSeen.get(source.id) ?? now)
    const failedMs = now - (failingSince.get(source.id) ?? now)
    const useless = USELESS[source.error?.code ?? '']
    if (useless !== undefined) troubles.push(troubleOf(source, source.error?.code ?? '', useless))
    else if (asked && source.lastSuccessAt === null && silentMs >= patienceMs)
      troubles.push(troubleOf(source, 'never-answered', message('finding.source.says.neverAnswered')))
    else if (source.kind !== 'exporter' && isFailing(source) && failedMs >= patienceMs)
      troubles.push(troubleOf(source, 'silent', message('finding.source.says.silent')))
    return troubles
  }

  /** Every exporter that is asked, where there are several and none of them answers. */
  function allSilent(sources: readonly SourceHealth[], now: number): Trouble[] {
    const asked = sources.filter(({ kind, state }) => kind === 'exporter' && state !== 'standby')
    const failed = asked.every(
      (source) =>
        isFailing(source) &&
        !(source.error && source.error.code in USELESS) &&
        now - (failingSince.get(source.id) ?? now) >= patienceMs,
    )
    if (asked.length < 2 || !failed) return []
    return asked.map((source) => ({
      ...troubleOf(source, 'none', message('finding.source.says.none')),
      ...NONE_ANSWERS,
    }))
  }

  return {
    list(sources, now) {
      follow(sources, now)
      const groups = new Map<string, Trouble[]>()
      const unheard = allSilent(sources, now)
      if (unheard.length > 0) groups.set('exporter/none', unheard)
      for (const source of sources) {
        for (const trouble of troublesOf(source, now)) {
          if (unheard.length > 0 && source.kind === 'exporter' && trouble.code === 'never-answered') continue
          const key = `${source.kind}/${trouble.code}`
          const group = groups.get(key)
          if (group) group.push(trouble)
          else groups.set(key, [trouble])
        }
      }
      const next = new Map<string, Begin>()
      const findings = [...groups].map(([key, group]) => {
        const id = `source/${key}`
        const begin = since.get(id) ?? beginOf(group, now)
        next.set(id, begin)
        return spell(id, group, begin)
      })
      since = next
      return findings
    },
  }
}

function isFailing({ state }: SourceHealth): boolean {
  return state === 'failing' || state === 'backoff'
}

/** @param says without the name of the source: "no longer answers" */
function troubleOf(source: SourceHealth, code: string, says: Message): Trouble {
  return {
    source,
    code,
    severity: 'advisory',
    says,
    what: message('finding.source.one', { name: source.name, says }),
    by: source.error === null ? null : said(source.error.text),
    nextStep: source.error === null ? message('finding.source.next') : said(source.error.nextStep),
  }
}

function spell(id: string, group: readonly Trouble[], { at, atLeast }: Begin): Finding {
  const worst = group.reduce((a, b) => (SEVERITY[b.severity] > SEVERITY[a.severity] ? b : a))
  const { source, says, what, by, nextStep } = worst
  const single = group.length === 1
  return {
    id,
    kind: 'source',
    severity: worst.severity,
    what: single ? what : message(`finding.source.${source.kind}`, { sources: group.length, says }),
    where: named(group.map((each) => each.source.name)),
    rows: [],
    gpus: 0,
    ...(single ? { source: source.id } : {}),
    since: at,
    ...(atLeast ? { sinceAtLeast: true as const } : {}),
    by,
    nextStep,
  }
}

/** "a, b, c, +12" */
function named(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMED).map((name) => name.slice(0, MAX_NAME))
  const more = names.length - shown.length
  return [...shown, ...(more > 0 ? [`+${grouped(more)}`] : [])].join(', ')
}
