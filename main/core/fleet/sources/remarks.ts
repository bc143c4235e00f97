import type { SourceDoubt } from '../../../../shared/model/source.ts'
import { message, said } from '../../../../shared/messages/message.ts'

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
        what: message('doubt.wrongName', { label: subject }),
        by: message('doubt.wrongName.by', { label: subject, shown: instead }),
        nextStep: message('doubt.wrongName.next'),
      }
    case 'sharedName':
      return {
        code: 'shared-host-name',
        severity: 'advisory',
        what: message('doubt.sharedName'),
        by: message('doubt.sharedName.by', { name: subject, shown: instead }),
        nextStep: message('doubt.sharedName.next'),
      }
    case 'namesakes':
      return {
        code: 'namesakes',
        severity: 'advisory',
        what: message('doubt.namesakes'),
        by: message('doubt.namesakes.by', { name: subject, shown: instead }),
        nextStep: message('doubt.sharedName.next'),
      }
    case 'oneSlot':
      return {
        code: 'one-slot',
        severity: 'advisory',
        what: message('doubt.oneSlot'),
        by: count === 1 ? said(subject) : message('doubt.oneSlot.by', { slot: subject, hosts: count - 1 }),
        nextStep: message('doubt.oneSlot.next'),
      }
    default:
      return {
        code: 'contested',
        severity: 'advisory',
        what: message('doubt.contested'),
        by: message('doubt.contested.by', { gpus: count, source: instead }),
        nextStep: message('doubt.contested.next'),
      }
  }
}
