import { describe, expect, it } from 'vitest'
import { menuTemplate } from './menu.ts'

const roles = (platform: NodeJS.Platform): unknown[] =>
  menuTemplate(platform).flatMap(({ role, submenu }) => [
    role,
    ...(Array.isArray(submenu) ? submenu.map((item) => item.role) : []),
  ])

describe('menuTemplate', () => {
  it.each(['linux', 'win32', 'darwin'] as const)('zooms and fills the screen on %s', (platform) => {
    expect(roles(platform)).toEqual(expect.arrayContaining(['zoomIn', 'zoomOut', 'togglefullscreen']))
    expect(roles(platform)).not.toContain('toggleDevTools')
    expect(roles(platform)).not.toContain('viewMenu')
  })

  it('quits by its menu where the platform has no other way', () => {
    expect(roles('darwin')[0]).toBe('appMenu')
    expect(roles('linux')).not.toContain('appMenu')
  })
})
