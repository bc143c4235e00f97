import type { ElementType, Key, ReactElement } from 'react'
import { jsx as reactJsx, jsxs as reactJsxs } from 'react/jsx-runtime'
import { seen } from './seen.ts'

/**
 * React's JSX runtime, with every text of the page made visible on its way (`jsxImportSource` in tsconfig.json). Foreign
 * names reach the screen in hundreds of places; here none of them can be forgotten.
 */
type Runtime = (type: ElementType, props: Record<string, unknown>, key?: Key) => ReactElement

export const jsx: Runtime = (type, props, key) => reactJsx(type, seen(type, props), key)
export const jsxs: Runtime = (type, props, key) => reactJsxs(type, seen(type, props), key)
export { Fragment } from 'react/jsx-runtime'
export type { JSX } from 'react/jsx-runtime'
