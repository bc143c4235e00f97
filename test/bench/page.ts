import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, loadavg, release, totalmem, type } from 'node:os'
import { type PeerName, requirement } from '../support/peers.ts'
import { type BenchResult, markdownOf, missed } from './result.ts'

/** What was measured, or why it was not. */
export type Outcome =
  | { readonly name: string; readonly result: BenchResult }
  | { readonly name: string; readonly skipped: string }

/** What docs/benchmarks.md holds after a run of everything. */
export function pageOf(outcomes: readonly Outcome[], surroundings: readonly string[]): string {
  const results = outcomes.flatMap((outcome) => ('result' in outcome ? [outcome.result] : []))
  const skipped = outcomes.flatMap((outcome) =>
    'skipped' in outcome ? [`- Not measured here: ${outcome.name}, ${outcome.skipped}`] : [],
  )
  return [
    '# Benchmarks',
    '',
    'Written by `npm run bench -- --write`; `npm run bench` prints the same, `npm run bench -- parser start` only those two. Peers are measured in the',
    'same run on the same machine: read the ratios rather than the absolute figures. Nothing here is a test, so a slow machine fails nothing.',
    '',
    ...surroundings.map((line) => `- ${line}`),
    ...skipped,
    '',
    tally(results),
    '',
    ...results.map(markdownOf),
  ].join('\n')
}

/** "18 of 20 aims reached. Missed: …; why, and what would reach them, stands below each table." */
export function tally(results: readonly BenchResult[]): string {
  const aims = results.flatMap(({ rows }) => rows.filter(({ reached }) => reached !== undefined))
  const open = results.flatMap(missed)
  const reached = `${aims.length - open.length} of ${aims.length} aims reached.`
  if (open.length === 0) return reached
  const names = open.map(({ name, value }) => `${name} (${value})`).join('; ')
  return `${reached} Missed: ${names}. Why, and what would reach them, stands below each table.`
}

/** The machine, its load before the first bench, and the versions of everything that takes part. */
export function surroundingsHere(): string[] {
  const processors = cpus()
  const model = processors[0]?.model.trim() ?? 'unknown CPU'
  const memory = (totalmem() / 2 ** 30).toFixed(0)
  return [
    `${new Date().toISOString().slice(0, 10)}; load before the first of them: ${(loadavg()[0] ?? Number.NaN).toFixed(1)}`,
    `${processors.length} × ${model}, ${memory} GiB of memory, ${systemHere()}`,
    `Node ${process.version}, ${versionOf('chromium')}, ${versionOf('prometheus')}`,
  ]
}

function systemHere(): string {
  const kernel = `${type()} ${release().split('-')[0] ?? ''}`
  try {
    const name = /^PRETTY_NAME="?([^"\n]+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1]
    return name === undefined ? kernel : `${name} (${kernel})`
  } catch {
    return kernel
  }
}

function versionOf(peer: PeerName): string {
  const { present, path } = requirement(peer)
  if (!present) return `no ${peer}`
  const { stdout, stderr } = spawnSync(path, ['--version'], { encoding: 'utf8' })
  const [line] = `${stdout}${stderr}`.split('\n')
  return (
    line
      ?.replace(/ \(.*$/, '')
      .replace(/ built on .*$/, '')
      .replace(', version', '')
      .trim() ?? peer
  )
}
