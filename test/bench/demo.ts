import { join } from 'node:path'
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
