import type { ElementType, Key, ReactElement } from 'react'
import { jsxDEV as reactJsxDev, type JSXSource } from 'react/jsx-dev-runtime'
import { seen } from './seen.ts'

/** As jsx-runtime.ts, for tests and development. */
export function jsxDEV(
  type: ElementType,
  props: Record<string, unknown>,
  key: Key | undefined,
  isStatic: boolean,
  source?: JSXSource,
  self?: unknown,
): ReactElement {
  return reactJsxDev(type, seen(type, props), key, isStatic, source, self)
}
export { Fragment } from 'react/jsx-dev-runtime'
export type { JSX } from 'react/jsx-dev-runtime'
