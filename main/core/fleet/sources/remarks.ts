import type { SourceDoubt } from '../../../../shared/model/source.ts'
import { plural } from '../../../../shared/model/phrases.ts'

/** What is odd about the names that a source gives, found while its series were placed. */
export type RemarkKind =
  /** A label that should name the machine cannot be its name. */
  | 'wrongName'
  /** Another living source has other boards under the same name. */
  | 'sharedName'
  /** One answer names several machines by one name; a label distinguishes them. */
  | 'namesakes'
  /** One answer puts two boards into one slot, and no label tells their machines apart. */
  | 'oneSlot'
  /** Another living source answers for the same boards. */
  | 'contested'

export interface Remark {
  readonly kind: RemarkKind
  /** The label, the name, or the board concerned first. */
  readonly subject: string
  /** Under which name the machine stands, or which source keeps the board. */
  readonly instead: string
  /** How many labels, machines or boards it concerns. */
  readonly count: number
}

/** Collects the remarks of one answer; each subject once. */
export class Remarks {
  readonly #found = new Map<RemarkKind, { subject: string; instead: string; subjects: Set<string> }>()

  note(kind: RemarkKind, subject: string, instead: string): void {
    const known = this.#found.get(kind)
    if (known) known.subjects.add(subject)
    else this.#found.set(kind, { subject, instead, subjects: new Set([subject]) })
  }

  list(): readonly Remark[] {
    return [...this.#found].map(([kind, { subject, instead, subjects }]) => ({
      kind,
      subject,
      instead,
      count: subjects.size,
    }))
  }
}

/** In sentences that fit one source as well as many, because many sources with the same doubt are one finding. */
export function remarkDoubt({ kind, subject, instead, count }: Remark): SourceDoubt {
  switch (kind) {
    case 'wrongName':
      return {
        code: 'wrong-host-name',
        severity: 'advisory',
        what: `${subject} is the name of no machine; it is named by its address`,
        by: `${subject}, shown as ${instead}`,
        nextStep:
          'Set NODE_NAME for dcgm-exporter (4.8.3 does it by itself), or name a better label under identity.host.',
      }
    case 'sharedName':
      return {
        code: 'shared-host-name',
        severity: 'advisory',
        what: 'Two machines have one name; the later one is named by its address',
        by: `${subject}, shown as ${instead}`,
        nextStep:
          'Give every machine a name of its own, or name the label that distinguishes them under identity.host.',
      }
    case 'namesakes':
      return {
        code: 'namesakes',
        severity: 'advisory',
        what: 'Several machines have one name; a label of the source distinguishes them',
        by: `${subject}, one of them shown as ${instead}`,
        nextStep:
          'Give every machine a name of its own, or name the label that distinguishes them under identity.host.',
      }
    case 'oneSlot':
      return {
        code: 'one-slot',
        severity: 'advisory',
        what: 'Two boards claim the same place in one answer; only one of them is shown',
        by: count === 1 ? subject : `${subject} and ${plural(count - 1, 'more host')}`,
        nextStep:
          'Two machines have one name: keep a label that distinguishes them (instance, cluster) on the way through collectors and relabelling.',
      }
    default:
      return {
        code: 'contested',
        severity: 'advisory',
        what: 'Two sources answer for the same GPUs; the figures of the first are shown',
        by: `${plural(count, 'GPU')}, kept by ${instead}`,
        nextStep: 'Scrape each exporter once: look for a second job, or a second exporter on the host.',
      }
  }
}
