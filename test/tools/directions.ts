/**
 * `npm run deps`: the direction rules of docs/architecture.md, by dependency-cruiser.
 * A cruiser that cannot parse a file passes it silently, so this also fails when any source file was not read.
 */
import { globSync } from 'node:fs'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import { forbidden, options } from '../../dependency-cruiser.config.ts'

const ROOTS = ['shared', 'main', 'renderer']

const onDisk = ROOTS.flatMap((root) => globSync(`${root}/**/*.{ts,tsx,mjs}`)).map((file) =>
  file.replaceAll('\\', '/'),
)
const answer = await cruise(ROOTS, { ...options, ruleSet: { forbidden }, validate: true })
const result = answer.output as ICruiseResult

const read = new Set(result.modules.map((module) => module.source))
const unread = onDisk.filter((file) => !read.has(file) && !file.endsWith('.d.ts'))
for (const { rule, from, to } of result.summary.violations) {
  console.error(`${rule.severity}: ${rule.name}: ${from} → ${to}`)
}
for (const file of unread) console.error(`error: not read by the cruiser: ${file}`)

if (result.summary.error > 0 || unread.length > 0) process.exitCode = 1
else
  console.log(`${onDisk.length} modules, ${result.summary.totalDependenciesCruised} imports, no rule broken`)
