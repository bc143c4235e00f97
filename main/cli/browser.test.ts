import { delimiter, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type BrowserPlaces, planBrowser } from './browser.ts'

const URL_ONCE = 'http://127.0.0.1:4318/?token=abc'

function places(change: Partial<BrowserPlaces> & { present?: readonly string[] }): BrowserPlaces {
  const { present = [], ...rest } = change
  return {
    platform: 'linux',
    env: { DISPLAY: ':0', PATH: ['/usr/local/bin', '/usr/bin'].join(delimiter) },
    home: '/home/op',
    root: false,
    isExecutable: (path) => present.includes(path),
    ...rest,
  }
}

describe('opening a browser', () => {
  it('prefers a window of its own in Chromium, sandboxed, with a profile of its own', () => {
    const plan = planBrowser(URL_ONCE, places({ present: ['/usr/bin/chromium', '/usr/bin/xdg-open'] }))
    expect(plan).toMatchObject({ kind: 'app', path: '/usr/bin/chromium' })
    expect(plan.kind === 'app' && plan.args).toEqual([
      `--app=${URL_ONCE}`,
      `--user-data-dir=${join('/home/op', '.cache', 'floorwatch', 'browser')}`,
      '--no-first-run',
      '--no-default-browser-check',
    ])
  })

  it.each([
    ['the default browser', { present: ['/usr/bin/xdg-open'] }, { kind: 'default', args: [URL_ONCE] }],
    ['nothing', {}, { kind: 'none', why: 'no browser was found' }],
    [
      'nothing without a display',
      { env: { PATH: '/usr/bin' }, present: ['/usr/bin/chromium'] },
      { kind: 'none' },
    ],
    ['nothing for root', { root: true, present: ['/usr/bin/chromium'] }, { kind: 'none' }],
    ['open on macOS', { platform: 'darwin' }, { kind: 'default', path: '/usr/bin/open' }],
    ['the shell on Windows', { platform: 'win32', env: {} }, { kind: 'default' }],
  ] as const)('takes %s', (_, change, expected) => {
    expect(planBrowser(URL_ONCE, places(change))).toMatchObject(expected)
  })

  it('gives up the sandbox only where root asked for it by name', () => {
    const env = { DISPLAY: ':0', PATH: '/usr/bin', FLOORWATCH_ALLOW_ROOT: '1' }
    const plan = planBrowser(URL_ONCE, places({ root: true, env, present: ['/usr/bin/chromium'] }))
    expect(plan.kind === 'app' && plan.args).toContain('--no-sandbox')
  })
})
