import { useState } from 'react'

/** The last value that was there, and whether it is the present one: a new filter does not blank the screen. */
export function useHeld<T>(value: T | undefined): {
  readonly held: T | undefined
  readonly waiting: boolean
} {
  const [held, setHeld] = useState(value)
  if (value !== undefined && value !== held) setHeld(value)
  return { held: value ?? held, waiting: value === undefined }
}
