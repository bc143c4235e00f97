import { describe, expect, it } from 'vitest'
import { decideShell } from './decideShell.mjs'

const HOUR = 3_600_000
const desk = {
  platform: 'linux',
  runtime: null,
  override: null,
  shellBuilt: true,
  display: true,
  root: false,
  allowRoot: false,
  installable: true,
  lastAttempt: null,
  now: 1000 * HOUR,
} as const
const runtime = '/opt/electron/electron'
const failed = (hoursAgo: number) => ({
  at: desk.now - hoursAgo * HOUR,
  reason: 'github.com is not known here',
})

describe('where the console opens', () => {
  it.each([
    ['a runtime is there', { runtime }, { shell: 'electron', runtime, noSandbox: false }],
    [
      'root was allowed by name',
      { runtime, root: true, allowRoot: true },
      { shell: 'electron', noSandbox: true },
    ],
    [
      'root elsewhere keeps the sandbox',
      { runtime, root: true, platform: 'darwin' },
      { shell: 'electron', noSandbox: false },
    ],
    ['nothing was tried yet', {}, { shell: 'install' }],
    ['the last try is a day old', { lastAttempt: failed(24) }, { shell: 'install' }],
    ['the clock was set back', { lastAttempt: failed(-5) }, { shell: 'install' }],
    ['the last try failed today', { lastAttempt: failed(2) }, { shell: 'serve', why: /not known here/ }],
    ['a runtime came after a failed try', { runtime, lastAttempt: failed(2) }, { shell: 'electron' }],
    ['root', { runtime, root: true }, { shell: 'serve', why: /not opened for root/ }],
    ['no display', { runtime, display: false }, { shell: 'serve', why: /no display/ }],
    [
      'an override that leads nowhere',
      { override: '/nowhere' },
      { shell: 'serve', why: /\/nowhere, where no Electron is/ },
    ],
    ['no electron package', { installable: false }, { shell: 'serve', why: /not installed/ }],
    ['a build without shell', { runtime, shellBuilt: false }, { shell: 'serve', why: /no desktop shell/ }],
  ] as const)('%s', (_, change, { why, ...expected }: { shell: string; why?: RegExp }) => {
    const decision = decideShell({ ...desk, ...change })
    expect(decision).toMatchObject(expected)
    expect('why' in decision ? decision.why : '').toMatch(why ?? /^$/)
  })
})
