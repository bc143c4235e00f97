import { navigate } from '../../state/navigation.ts'
import { setNavigationLook, setTheme, THEMES } from '../../state/preferences.ts'
import { inspectNext, isInspecting, leaveInspection } from '../../ui/figure/inspect.ts'
import { type Action, useActions } from '../../ui/keys/actions.ts'
import { documentedKeys } from '../../ui/keys/documented.ts'
import { useEscape } from '../../ui/keys/useEscape.ts'
import { isInTextField, leaveTextField } from '../../ui/keys/typing.ts'
import { useKeys } from '../../ui/keys/useKeys.ts'
import { VIEW_ENTRIES } from './views.ts'

interface ShellDialogs {
  readonly openPalette: () => void
  readonly openKeyMap: () => void
  /** Whether the navigation shows words beside its icons. */
  readonly labelled: boolean
}

const THEME_TITLES = { system: 'Theme: as the system', dark: 'Theme: dark', light: 'Theme: light' } as const

/** What can be done on every screen, and the one place that listens for keys. */
export function useShellActions({ openPalette, openKeyMap, labelled }: ShellDialogs): void {
  const console: readonly Action[] = [
    {
      id: 'palette',
      title: 'Command palette',
      group: 'Console',
      keys: '$mod+k',
      keyboardOnly: true,
      run: openPalette,
    },
    { id: 'keys', title: 'Show all keys', group: 'Console', keys: '[Shift]+?', run: openKeyMap },
    {
      id: 'inspect.next',
      title: 'Explain a figure, then the next one',
      group: 'Console',
      keys: 'i',
      keyboardOnly: true,
      inDialog: true,
      run: () => inspectNext(1),
    },
    {
      id: 'inspect.previous',
      title: 'Explain the figure before',
      group: 'Console',
      keys: 'Shift+I',
      keyboardOnly: true,
      inDialog: true,
      run: () => inspectNext(-1),
    },
  ]
  const views = VIEW_ENTRIES.map(({ view, title, letter, keywords }) => ({
    id: `go.${view}`,
    title: `Go to ${title.toLowerCase()}`,
    group: 'Go to',
    keys: `g ${letter}`,
    keywords,
    run: () => navigate(view),
  }))
  const themes = THEMES.map((theme) => ({
    id: `theme.${theme}`,
    title: THEME_TITLES[theme],
    group: 'Settings',
    keywords: ['appearance', 'colours'],
    run: () => setTheme(theme),
  }))
  const navigation: Action = {
    id: 'navigation.labels',
    title: labelled ? 'Navigation: icons alone' : 'Navigation: labels beside the icons',
    group: 'Settings',
    keywords: ['rail', 'sidebar', 'collapse', 'expand'],
    run: () => setNavigationLook(labelled ? 'icons' : 'labels'),
  }
  const reload: Action = {
    id: 'reload',
    title: 'Reload this screen',
    group: 'Settings',
    run: () => location.reload(),
  }
  const settings = SETTINGS.map(([id, title, keywords]) => ({
    id: `settings.${id}`,
    title,
    group: 'Settings',
    keywords: keywords.split(' '),
    run: () => navigate('setup'),
  }))
  useActions([...views, ...console, ...ALWAYS_KEYS, ...themes, navigation, ...settings, reload])
  useEscape(
    {
      id: 'inspect.leave',
      title: 'Leave the figure',
      group: 'Console',
      step: 'reading',
      inDialog: true,
      when: isInspecting,
      run: leaveInspection,
    },
    {
      id: 'field.leave',
      title: 'Leave the text field',
      group: 'Console',
      step: 'field',
      when: isInTextField,
      run: leaveTextField,
    },
  )
  useKeys()
}

/** What the setup view has, by the words that somebody may look for. */
const SETTINGS = [
  [
    'connect',
    'Setup: what this console watches',
    'connection prometheus exporters metering address token site name configuration',
  ],
  ['demo', 'Setup: the demo factory', 'demo example'],
  ['appearance', 'Setup: appearance', 'theme dark light colours'],
] as const

const ALWAYS_KEYS: readonly Action[] = documentedKeys('Console', 'console', [
  ['Tab Shift+Tab', 'To the next or previous control'],
  ['Enter Space', 'Use the control'],
  ['Escape', 'One step: close what is on top, clear a filter, go back, return to now'],
])
