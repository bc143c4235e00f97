import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import type { Finding } from '../../../../shared/model/finding.ts'
import { engineNow } from '../../../transport/engineClock.ts'
import { FindingNotes } from './FindingNotes.tsx'
import { said } from '../../../../shared/messages/message.ts'

afterEach(cleanup)

function since(more: Partial<Finding>): string {
  const finding: Finding = {
    id: 'xid/h-1/0/79',
    kind: 'xid',
    severity: 'critical',
    what: said('XID 79'),
    where: 'h-1 · GPU 0',
    rows: [0],
    gpus: 1,
    since: engineNow() - 17 * 60_000 - 5_000,
    by: null,
    nextStep: said('Drain the host.'),
    ...more,
  }
  render(<FindingNotes findings={[finding]} />)
  const time = screen.getByRole('time')
  return `${time.textContent} | ${time.title}`.replaceAll('\u2009', ' ')
}

it('dates what began while the console looked on', () => {
  expect(since({})).toMatch(/^17 min ago \| /)
})

it('claims no beginning for what was there when the console began to look', () => {
  expect(since({ sinceAtLeast: true })).toMatch(/^≥ 17 min \| .* or before: it was already so/)
})
