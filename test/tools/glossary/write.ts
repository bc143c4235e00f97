/** `npm run glossary`: writes docs/glossary.md; a test refuses a commit without it. */
import { writeFileSync } from 'node:fs'
import { GLOSSARY_PAGE, glossaryPage } from './page.ts'

writeFileSync(GLOSSARY_PAGE, glossaryPage())
console.log(`Wrote ${GLOSSARY_PAGE}`)
