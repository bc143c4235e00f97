import { inSentence, say } from '../../../shared/messages/format.ts'
import { useCall } from '../../transport/context.tsx'
import { openSignIn, useMe } from '../../state/access/me.ts'
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

/** What can be done on every screen, and the one place that listens for keys. */
export function useShellActions({ openPalette, openKeyMap, labelled }: ShellDialogs): void {
  const { run } = useCall('access.lock')
  const lock = (): void => void run({})
  const console: readonly Action[] = [
    {
      id: 'palette',
      title: say('shell.action.palette'),
      group: say('keys.group.console'),
      keys: '$mod+k',
      keyboardOnly: true,
      run: openPalette,
    },
    {
      id: 'keys',
      title: say('shell.action.keys'),
      group: say('keys.group.console'),
      keys: '[Shift]+?',
      run: openKeyMap,
    },
    {
      id: 'signIn',
      title: say('shell.action.signIn'),
      group: say('keys.group.console'),
      keys: 'g u',
      keywords: say('shell.action.signIn.keywords').split(', '),
      when: () => useMe.getState().me !== null,
      run: openSignIn,
    },
    {
      id: 'lock',
      title: say('shell.action.lock'),
      group: say('keys.group.console'),
      keys: 'Shift+L',
      when: () => useMe.getState().me?.state === 'signedIn',
      run: lock,
    },
    {
      id: 'inspect.next',
      title: say('shell.action.inspect.next'),
      group: say('keys.group.console'),
      keys: 'i',
      keyboardOnly: true,
      inDialog: true,
      run: () => inspectNext(1),
    },
    {
      id: 'inspect.previous',
      title: say('shell.action.inspect.previous'),
      group: say('keys.group.console'),
      keys: 'Shift+I',
      keyboardOnly: true,
      inDialog: true,
      run: () => inspectNext(-1),
    },
  ]
  const views = VIEW_ENTRIES.map(({ view, title, letter, keywords }) => ({
    id: `go.${view}`,
    title: say('shell.action.go', { view: inSentence(title) }),
    group: say('keys.group.goTo'),
    keys: `g ${letter}`,
    keywords,
    run: () => navigate(view),
  }))
  const themes = THEMES.map((theme) => ({
    id: `theme.${theme}`,
    title: say(`shell.action.theme.${theme}`),
    group: say('keys.group.settings'),
    keywords: say('shell.action.theme.keywords').split(' '),
    run: () => setTheme(theme),
  }))
  const navigation: Action = {
    id: 'navigation.labels',
    title: labelled ? say('shell.action.navigation.icons') : say('shell.action.navigation.labels'),
    group: say('keys.group.settings'),
    keywords: say('shell.action.navigation.keywords').split(' '),
    run: () => setNavigationLook(labelled ? 'icons' : 'labels'),
  }
  const reload: Action = {
    id: 'reload',
    title: say('shell.action.reload'),
    group: say('keys.group.settings'),
    run: () => location.reload(),
  }
  const settings = SETTINGS.map((id) => ({
    id: `settings.${id}`,
    title: say(`shell.setting.${id}`),
    group: say('keys.group.settings'),
    keywords: say(`shell.setting.keywords.${id}`).split(' '),
    run: () => navigate('setup'),
  }))
  useActions([...views, ...console, ...ALWAYS_KEYS, ...themes, navigation, ...settings, reload])
  useEscape(
    {
      id: 'inspect.leave',
      title: say('shell.action.inspect.leave'),
      group: say('keys.group.console'),
      step: 'reading',
      inDialog: true,
      when: isInspecting,
      run: leaveInspection,
    },
    {
      id: 'field.leave',
      title: say('shell.action.field.leave'),
      group: say('keys.group.console'),
      step: 'field',
      when: isInTextField,
      run: leaveTextField,
    },
  )
  useKeys()
}

/** What the setup view has, by the words that somebody may look for. */
const SETTINGS = ['connect', 'demo', 'appearance'] as const

const ALWAYS_KEYS: readonly Action[] = documentedKeys(say('keys.group.console'), 'console', [
  ['Tab Shift+Tab', 'shell.key.tab'],
  ['Enter Space', 'shell.key.use'],
  ['Escape', 'shell.key.escape'],
])
