import { type ComponentType, lazy, type LazyExoticComponent, useState } from 'react'

export interface RetriedLazy {
  /** Loads it ahead; a failure is left for when it is opened. */
  readonly preload: () => Promise<void>
  readonly View: ComponentType
}

/**
 * A view in a file of its own. React keeps a failed load for good; this one loads once more whenever it is opened
 * again, because what failed was the connection and not the file.
 */
export function retriedLazy(load: () => Promise<ComponentType>): RetriedLazy {
  let loaded: Promise<{ default: ComponentType }> | null = null
  const get = (): Promise<{ default: ComponentType }> => {
    loaded ??= load().then(
      (view) => ({ default: view }),
      (error: unknown) => {
        loaded = null
        throw error
      },
    )
    return loaded
  }
  return {
    preload: () =>
      get().then(
        () => undefined,
        () => undefined,
      ),
    View() {
      // Made when it is opened: an error boundary that resets mounts it afresh.
      const [Loaded] = useState<LazyExoticComponent<ComponentType>>(() => lazy(get))
      return <Loaded />
    },
  }
}
