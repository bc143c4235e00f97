import { z } from 'zod'
import { create } from 'zustand'
import { FIELD_IDS, type FieldId } from '../../shared/model/field.ts'

export const THEMES = ['system', 'dark', 'light'] as const
export type Theme = (typeof THEMES)[number]

/** Whether the navigation shows words beside its icons. */
export const NAVIGATION_LOOKS = ['labels', 'icons'] as const
export type NavigationLook = (typeof NAVIGATION_LOOKS)[number]

const KEY = 'floorwatch.preferences'
const preferencesSchema = z.object({
  theme: z.enum(THEMES).catch('system'),
  /** The metric that this person has chosen for the floor; null: whichever figure of activity most GPUs have. */
  metric: z.enum(FIELD_IDS).nullable().catch(null),
  /** null: labels where the screen has room for them. */
  navigation: z.enum(NAVIGATION_LOOKS).nullable().catch(null),
})
type Preferences = z.infer<typeof preferencesSchema>
const DEFAULTS: Preferences = { theme: 'system', metric: null, navigation: null }

type Store = Pick<Storage, 'getItem' | 'setItem'>

/** What was kept, as far as it still makes sense; anything else reads as the default. */
export function readPreferences(store: Store): Preferences {
  try {
    const parsed = preferencesSchema.safeParse(JSON.parse(store.getItem(KEY) ?? '{}'))
    return parsed.success ? parsed.data : DEFAULTS
  } catch {
    return DEFAULTS
  }
}

export const usePreferences = create<Preferences>(() => DEFAULTS)

/** The theme that is drawn: a wall says which, a desk follows its system. */
export function resolvedTheme(theme: Theme, systemIsLight: boolean): 'dark' | 'light' {
  if (theme !== 'system') return theme
  return systemIsLight ? 'light' : 'dark'
}

export function setTheme(theme: Theme): void {
  usePreferences.setState({ theme })
}

export function setNavigationLook(navigation: NavigationLook): void {
  usePreferences.setState({ navigation })
}

export function setMetric(metric: FieldId | null): void {
  usePreferences.setState({ metric })
}

/** Loads, keeps and applies the preferences for as long as the page lives. Called before the first paint. */
export function startPreferences(page: Window & typeof globalThis): void {
  usePreferences.setState(readPreferences(page.localStorage))
  const light = page.matchMedia('(prefers-color-scheme: light)')
  const apply = (): void => {
    page.document.documentElement.dataset['theme'] = resolvedTheme(
      usePreferences.getState().theme,
      light.matches,
    )
  }
  apply()
  light.addEventListener('change', apply)
  usePreferences.subscribe((preferences) => {
    apply()
    try {
      page.localStorage.setItem(KEY, JSON.stringify(preferences))
    } catch {
      // Without a storage the choice lasts as long as the page.
    }
  })
}
