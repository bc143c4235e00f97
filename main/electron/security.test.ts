import { describe, expect, it } from 'vitest'
import {
  isPermissionGranted,
  isTrustedSender,
  mayNavigate,
  mayOpenExternally,
  SCHEME_PRIVILEGES,
  webPreferences,
  windowOptions,
} from './security.ts'

describe('the window', () => {
  it('is sandboxed and isolated, without Node anywhere', () => {
    expect(webPreferences('/app/preload.cjs')).toMatchObject({
      preload: '/app/preload.cjs',
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
    })
  })

  it('keeps painting while covered and appears only once it has something to show', () => {
    const options = windowOptions('/p', { width: 3840, height: 2160 })
    expect(options.webPreferences?.backgroundThrottling).toBe(false)
    expect(options).toMatchObject({ show: false, width: 1920, height: 1080 })
  })

  it('fits a small display', () => {
    expect(windowOptions('/p', { width: 1366, height: 728 })).toMatchObject({ width: 1366, height: 728 })
  })

  it('serves the console from a scheme that cannot bypass its own policy', () => {
    expect(SCHEME_PRIVILEGES).not.toHaveProperty('bypassCSP')
    expect(SCHEME_PRIVILEGES).not.toHaveProperty('allowServiceWorkers')
  })
})

describe('navigation', () => {
  it.each([
    'floorwatch://app/index.html',
    'floorwatch://app/index.html#/floor',
    'https://floorwatch.invalid/index.html',
  ])('stays at %s', (url) => {
    expect(mayNavigate(url)).toBe(true)
  })

  it.each([
    'https://example.com/',
    'http://floorwatch.invalid/',
    'https://floorwatch.invalid:8443/',
    'https://floorwatch.invalid.example/',
    'file:///etc/passwd',
    'floorwatch://other/index.html',
    'floorwatch://app.evil/index.html',
    'floorwatch://app:99/index.html',
    'javascript:alert(1)',
    'data:text/html,<script>1</script>',
    'about:blank',
    'not a url',
    '',
  ])('refuses %s', (url) => {
    expect(mayNavigate(url)).toBe(false)
  })
})

describe('opening outside', () => {
  it('hands documentation over HTTPS to the browser', () => {
    expect(mayOpenExternally('https://docs.nvidia.com/deploy/xid-errors/')).toBe(true)
  })

  it.each([
    'http://docs.nvidia.com/',
    'https://docs.nvidia.com.evil.example/',
    'https://docs.nvidia.com:8443/',
    'https://user@docs.nvidia.com/',
    'https://evil.example/?docs.nvidia.com',
    'file:///etc/passwd',
    'smb://server/share',
    'vscode://file/etc/passwd',
  ])('refuses %s', (url) => {
    expect(mayOpenExternally(url)).toBe(false)
  })
})

describe('permissions', () => {
  it.each([
    'media',
    'geolocation',
    'notifications',
    'midi',
    'hid',
    'serial',
    'usb',
    'openExternal',
    'clipboard-read',
    'display-capture',
  ])('denies %s to the console itself', (permission) => {
    expect(isPermissionGranted(permission, 'floorwatch://app/index.html')).toBe(false)
  })

  it('lets the console copy selected text, and no other page', () => {
    expect(isPermissionGranted('clipboard-sanitized-write', 'floorwatch://app/index.html')).toBe(true)
    expect(isPermissionGranted('clipboard-sanitized-write', 'https://evil.example/')).toBe(false)
  })
})

describe('senders', () => {
  it('accepts the main frame of the console alone', () => {
    expect(isTrustedSender({ url: 'floorwatch://app/index.html', parent: null })).toBe(true)
    expect(isTrustedSender({ url: 'floorwatch://app/index.html', parent: {} })).toBe(false)
    expect(isTrustedSender({ url: 'https://evil.example/', parent: null })).toBe(false)
    expect(isTrustedSender(null)).toBe(false)
  })
})
