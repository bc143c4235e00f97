import { createContext, useContext } from 'react'

/**
 * Since when nothing new has come from the engine (ms since the epoch), or null while the connection is open. One truth for
 * every figure on the screen: when the connection is lost, all of them are stale at once.
 */
export const StaleSince = createContext<number | null>(null)

/** The site's time zone, in which instants beyond an hour are printed. */
export const SiteZone = createContext<string>('UTC')

export function useStaleSince(): number | null {
  return useContext(StaleSince)
}

export function useSiteZone(): string {
  return useContext(SiteZone)
}
