import { openApiText } from './document.ts'
import { referencePage } from './page.ts'

/** What is made of the contract, from the root of the project. */
export const FILES: readonly { readonly path: string; readonly text: () => string }[] = [
  { path: 'assets/metering-api.openapi.yaml', text: openApiText },
  { path: 'docs/metering-api.md', text: referencePage },
]
