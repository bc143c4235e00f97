import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parse, stringify } from 'yaml'
import { launchDemo, type LaunchedDemo } from '../../main/demo/launch.ts'

/** The size that the aims are stated for. */
export const BIG_FLOOR = { hosts: 2048, gpusPerHost: 8, gpus: 16_384, fields: 25 } as const
export const INTERVAL_MS = 5000

/** 2,048 exporters with dcgm-exporter's own 25 fields, collecting as often as they are scraped. */
export function launchBigFloor(): Promise<LaunchedDemo> {
  return launchDemo({
    entry: join(import.meta.dirname, '../../dist/main/demo.js'),
    args: [
      '--hosts',
      String(BIG_FLOOR.hosts),
      '--counters',
      'standard',
      '--collect',
      '5s',
      '--faults',
      'none',
      '--mig',
      '0',
    ],
    deadlineMs: 60_000,
  })
}

/** Its configuration without metering and inference servers, beside the one that it wrote. */
export async function exportersAlone(demo: LaunchedDemo): Promise<string> {
  const whole = parse(await readFile(demo.configPath, 'utf8')) as Record<string, unknown>
  const { metering: _, inference: __, economics: ___, ...rest } = whole
  const path = join(dirname(demo.configPath), 'exporters.yaml')
  await writeFile(path, stringify(rest))
  return path
}
