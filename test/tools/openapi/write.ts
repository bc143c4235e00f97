/** `npm run openapi`: writes the OpenAPI document and its reference page; a test refuses a commit without it. */
import { writeFileSync } from 'node:fs'
import { FILES } from './files.ts'

for (const { path, text } of FILES) {
  writeFileSync(path, text())
  console.log(`Wrote ${path}`)
}
