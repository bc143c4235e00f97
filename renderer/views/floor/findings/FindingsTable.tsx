import { textOf } from '../../../../shared/messages/format.ts'
import { placeWords } from '../../../state/fleet/placeWords.ts'
import type { Finding } from '../../../../shared/model/finding.ts'
import { say } from '../../../../shared/messages/format.ts'
import { EmptyState } from '../../../ui/dialog/EmptyState.tsx'
import { Waiting } from '../../../ui/dialog/Waiting.tsx'
import { Age } from '../../../ui/figure/Age.tsx'
import { Glyph } from '../../../ui/glyph/Glyph.tsx'
import { type Column, DataTable } from '../../../ui/table/DataTable.tsx'
import { FindingWhat } from './unread.tsx'

const natural = new Intl.Collator('en', { numeric: true })

/** The abnormal list of DESIGN.md's frame: what · where · since · by how much · next step. */
const COLUMNS: readonly Column<Finding>[] = [
  {
    id: 'severity',
    title: '',
    width: '2rem',
    cell: ({ severity }) =>
      severity === 'normal' ? null : <Glyph name={severity} label={say(`severity.${severity}`)} />,
  },
  {
    id: 'what',
    title: say('findings.what'),
    width: 'minmax(14rem, 2fr)',
    cell: (finding) => <FindingWhat finding={finding} />,
    compare: (a, b) => natural.compare(textOf(a.what), textOf(b.what)),
  },
  {
    id: 'where',
    title: say('findings.where'),
    width: 'minmax(9rem, 1fr)',
    cell: ({ where }) => <Words text={placeWords(where)} />,
    compare: (a, b) => natural.compare(a.where, b.where),
  },
  {
    id: 'since',
    title: say('findings.since'),
    width: '8rem',
    cell: ({ since, sinceAtLeast = false }) => <Age at={since} atLeast={sinceAtLeast} />,
    compare: (a, b) => a.since - b.since,
  },
  {
    id: 'by',
    title: say('findings.by'),
    width: 'minmax(8rem, 1fr)',
    cell: ({ by }) => (by === null ? '—' : <Words text={textOf(by)} />),
  },
  {
    id: 'next',
    title: say('findings.next'),
    width: 'minmax(16rem, 3fr)',
    cell: ({ nextStep }) => <Words text={textOf(nextStep)} />,
  },
]

/** Cut where its column is narrow; whole where it is pointed at. */
function Words({ text }: { text: string }) {
  return <span title={text}>{text}</span>
}

interface FindingsTableProps {
  readonly findings: readonly Finding[]
  /** Whether any answer of the engine has come: before that nothing is known, and nothing known is not "all well". */
  readonly known: boolean
  readonly selected: string | null
  readonly onSelect: (finding: Finding | null) => void
  readonly onOpen: (finding: Finding) => void
}

export function FindingsTable({ findings, known, selected, onSelect, onOpen }: FindingsTableProps) {
  const byId = (id: string | null) => findings.find((finding) => finding.id === id) ?? null
  return (
    <DataTable
      label={say('findings.title')}
      columns={COLUMNS}
      rows={findings}
      keyOf={(finding) => finding.id}
      signatureOf={(finding) => `${finding.severity} ${textOf(finding.what)}`}
      selected={selected}
      onSelect={(id) => onSelect(byId(id))}
      onOpen={(id) => {
        const finding = byId(id)
        if (finding !== null) onOpen(finding)
      }}
      primary
      empty={
        known ? (
          <EmptyState reason={say('findings.none')} nextStep={say('findings.none.next')} />
        ) : (
          <Waiting waiting={say('findings.waiting')} nextStep={say('findings.waiting.next')} failure={null} />
        )
      }
    />
  )
}
