import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { launchDemo } from '../../main/demo/launch.ts'

/** The reference Metering API of a small demo factory, in a process of its own. */
export interface MeteringDemo {
  /** Base address, without the /v1. */
  readonly url: string
  readonly token: string
  readonly tokenPath: string
  stop(): Promise<void>
}

const configSchema = z.object({
  metering: z.object({ url: z.string(), bearer: z.object({ file: z.string() }) }),
})

/** Simulated time runs twenty times as fast as ours, so that usage advances at once. */
const ARGUMENTS = ['--hosts', '6', '--seed', '11', '--speed', '20', '--collect', '250ms', '--faults', 'none']

export async function startMeteringDemo(more: readonly string[] = []): Promise<MeteringDemo> {
  const entry = new URL('../../main/demo/main.ts', import.meta.url)
  const demo = await launchDemo({
    entry,
    args: [...ARGUMENTS, '--check-answers', ...more],
    deadlineMs: 20_000,
  })
  const { metering } = configSchema.parse(parse(await readFile(demo.configPath, 'utf8')))
  const tokenPath = join(dirname(demo.configPath), metering.bearer.file)
  return {
    url: metering.url,
    token: (await readFile(tokenPath, 'utf8')).trim(),
    tokenPath,
    stop: () => demo.stop(),
  }
}
