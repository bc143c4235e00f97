import { navigate } from '../../state/navigation.ts'
import { setTheme, THEMES } from '../../state/preferences.ts'
import { inspectNext } from '../../ui/figure/inspect.ts'
import { type Action, useActions } from '../../ui/keys/actions.ts'
import { useKeys } from '../../ui/keys/useKeys.ts'
import { VIEW_ENTRIES } from './views.ts'

interface ShellDialogs {
  readonly openPalette: () => void
  readonly openKeyMap: () => void
}

const THEME_TITLES = { system: 'Theme: as the system', dark: 'Theme: dark', light: 'Theme: light' } as const

/** What can be done on every screen, and the one place that listens for keys. */
export function useShellActions({ openPalette, openKeyMap }: ShellDialogs): void {
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
    // Views answer it when they have something open; here it only leaves the figures.
    {
      id: 'back',
      title: 'Back; never destructive',
      group: 'Console',
      keys: 'Escape',
      keyboardOnly: true,
      run: blur,
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
    group: 'Screen',
    keywords: ['appearance', 'colours'],
    run: () => setTheme(theme),
  }))
  const reload: Action = {
    id: 'reload',
    title: 'Reload this screen',
    group: 'Screen',
    run: () => location.reload(),
  }
  useActions([...views, ...console, ...themes, reload])
  useKeys()
}

/** Esc in a text field gives the keys back to the console. */
function blur(): void {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
}
