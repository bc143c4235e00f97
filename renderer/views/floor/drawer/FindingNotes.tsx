import { textOf } from '../../../../shared/messages/format.ts'
import { placeWords } from '../../../state/fleet/placeWords.ts'
import type { Finding } from '../../../../shared/model/finding.ts'
import { say } from '../../../../shared/messages/format.ts'
import { Age } from '../../../ui/figure/Age.tsx'
import { Glyph } from '../../../ui/glyph/Glyph.tsx'
import { FindingWhat } from '../findings/unread.tsx'

interface FindingNotesProps {
  readonly findings: readonly Finding[]
  /** Name the place of each: the drawer shows more than one. */
  readonly places?: boolean
}

/** What is abnormal about what a drawer shows, each with its next step. Nothing abnormal takes no room. */
export function FindingNotes({ findings, places = false }: FindingNotesProps) {
  if (findings.length === 0) return null
  return (
    <ul className="finding-notes">
      {findings.map((finding) => (
        <li key={finding.id} data-severity={finding.severity}>
          <p className="finding-what">
            {finding.severity !== 'normal' && (
              <Glyph name={finding.severity} label={say(`severity.${finding.severity}`)} />
            )}{' '}
            <FindingWhat finding={finding} />
            {finding.by !== null && <span className="finding-by"> · {textOf(finding.by)}</span>}
          </p>
          <p className="finding-next">
            {places && `${placeWords(finding.where)} · `}
            <Age at={finding.since} atLeast={finding.sinceAtLeast ?? false} /> · {textOf(finding.nextStep)}
          </p>
        </li>
      ))}
    </ul>
  )
}
