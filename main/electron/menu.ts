import type { MenuItemConstructorOptions } from 'electron'

/**
 * The menu carries the shortcuts that a browser would have: zoom, full screen, and on macOS copy and quit, which exist
 * there through a menu alone. No reload and no developer tools: what a wall shows is not at a keystroke's mercy.
 */
export function menuTemplate(platform: NodeJS.Platform): MenuItemConstructorOptions[] {
  const view: MenuItemConstructorOptions = {
    label: 'View',
    submenu: [
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
    ],
  }
  const menu: MenuItemConstructorOptions[] = [{ role: 'editMenu' }, view, { role: 'windowMenu' }]
  return platform === 'darwin' ? [{ role: 'appMenu' }, ...menu] : menu
}
