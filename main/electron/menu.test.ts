import { describe, expect, it } from 'vitest'
import { menuTemplate } from './menu.ts'

/** What Electron makes of the menu here is asked of it in test/e2e/desktop.spec.ts; this is for the other platforms. */
describe('menuTemplate', () => {
  it.each(['linux', 'win32', 'darwin', 'freebsd'] as const)(
    'uses no role on %s that brings reloading or developer tools along',
    (platform) => {
      const items = menuTemplate(platform).flatMap((item) => [
        item,
        ...(Array.isArray(item.submenu) ? item.submenu : []),
      ])
      // `viewMenu` holds both.
      expect(items.filter(({ role }) => /reload|devtools|viewmenu/i.test(role ?? ''))).toEqual([])
      expect(items.some(({ role }) => role === 'editMenu')).toBe(true)
    },
  )
})
