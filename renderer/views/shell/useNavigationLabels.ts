import { useSyncExternalStore } from 'react'
import { usePreferences } from '../../state/preferences.ts'

/** On narrower screens the labels would take their room from the picture, until somebody asks for them. */
const WIDE = '(min-width: 1500px)'

/** Whether the navigation shows words beside its icons: as was chosen last, else where the screen has room. */
export function useNavigationLabels(): boolean {
  const chosen = usePreferences(({ navigation }) => navigation)
  const wide = useSyncExternalStore(subscribe, () => matchMedia(WIDE).matches)
  return chosen === null ? wide : chosen === 'labels'
}

function subscribe(listener: () => void): () => void {
  const query = matchMedia(WIDE)
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}
