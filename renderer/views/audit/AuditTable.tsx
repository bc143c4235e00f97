import { Fragment, useState } from 'react'
import type { AuditRowShown } from '../../../shared/contract/audit.ts'
import { say } from '../../../shared/messages/format.ts'
import { PERSON_ROLES } from '../../../shared/model/person.ts'
import { Glyph } from '../../ui/glyph/Glyph.tsx'

const COLUMNS = [
  'seq',
  'time',
  'who',
  'from',
  'act',
  'target',
  'change',
  'reason',
  'incident',
  'chain',
] as const

/** Entries, newest first. A broken link is a line across the table, in words. */
export function AuditTable({ rows }: { rows: readonly AuditRowShown[] }) {
  const [open, setOpen] = useState<number | null>(null)
  return (
    <section className="audit-scroll" aria-label={say('audit.entries')}>
      <table className="audit-table">
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <th key={column} scope="col">
                {say(`audit.column.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Fragment key={row.seq}>
              <Entry
                row={row}
                open={open === row.seq}
                onToggle={() => setOpen(open === row.seq ? null : row.seq)}
              />
              {row.broken !== null && (
                <tr className="audit-break">
                  <td colSpan={COLUMNS.length}>
                    <Glyph name="critical" />{' '}
                    {say('audit.cli.broken', { seq: row.seq, how: say(`audit.broken.${row.broken}`) })}
                  </td>
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Entry({ row, open, onToggle }: { row: AuditRowShown; open: boolean; onToggle: () => void }) {
  const role = PERSON_ROLES.find((name) => name === row.role)
  return (
    <>
      <tr data-broken={row.broken === null ? undefined : ''}>
        <td>
          <button
            type="button"
            className="audit-open"
            aria-expanded={open}
            aria-label={say('audit.open', { seq: row.seq })}
            onClick={onToggle}
          >
            {row.seq}
          </button>
        </td>
        <td className="audit-digits">{stampOf(row.at)}</td>
        <td>
          {row.who}
          {role !== undefined && <span className="secondary"> {say(`access.role.${role}`)}</span>}
        </td>
        <td className="secondary">{row.origin}</td>
        <td>
          <code>{row.action}</code>
        </td>
        <td>{row.target}</td>
        <td>
          <Change before={row.before} after={row.after} />
        </td>
        <td>{row.reason ?? ''}</td>
        <td>{row.incidentId ?? row.intentId ?? ''}</td>
        <td>
          {row.broken === null ? (
            <>
              <Glyph name="check" />
              <span className="visually-hidden">{say('audit.inOrder')}</span>
            </>
          ) : (
            <Glyph name="critical" />
          )}
        </td>
      </tr>
      {open && (
        <tr className="audit-detail">
          <td colSpan={COLUMNS.length}>
            <dl className="audit-all">
              {wholeOf(row).map(([name, value]) => (
                <Fragment key={name}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </Fragment>
              ))}
            </dl>
          </td>
        </tr>
      )}
    </>
  )
}

/** Every part of an entry by its name in the export, in full. */
function wholeOf({ broken: _broken, ...row }: AuditRowShown): [string, string][] {
  return Object.entries(row).flatMap(([name, value]): [string, string][] =>
    value === null ? [] : [[name, typeof value === 'string' ? value : JSON.stringify(value)]],
  )
}

const MOST_SHOWN = 80

function Change({ before, after }: Pick<AuditRowShown, 'before' | 'after'>) {
  if (before === null && after === null) return null
  if (before === null) return <code>{short(after)}</code>
  return (
    <>
      <code>{short(before)}</code> → <code>{short(after)}</code>
    </>
  )
}

/** `role: viewer, limit: 4200000`; all of it stands in the open entry. */
function short(value: AuditRowShown['before']): string {
  const text =
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value)
          .map(([name, member]) => `${name}: ${typeof member === 'string' ? member : JSON.stringify(member)}`)
          .join(', ')
      : JSON.stringify(value)
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text
}

/** "2026-12-01 03:14:07.120", UTC. */
function stampOf(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').replace('Z', '')
}
