import { parseArgs } from 'node:util'
import { z } from 'zod'
import { defaultConfigPath, locateConfig } from '../config/index.ts'
import type { LocatePlaces } from '../config/locate.ts'

/**
 * What a window was asked to show. A second start hands this to the shell that runs already, so every path in it is
 * absolute: the two need not have been started in the same folder.
 */
export const startRequestSchema = z.strictObject({
  /** null: no configuration yet, so the setup. */
  config: z.string().min(1).nullable(),
  demo: z.boolean(),
  /** An engine that runs already: its address, with the token in the query. */
  engine: z.url({ protocol: /^https?$/ }).nullable(),
  /** The setup takes changes for a while although a site is configured. */
  allowSetup: z.literal(true).optional(),
})
export type StartRequest = z.infer<typeof startRequestSchema>

/**
 * Reads the shell's own flags and leaves Chromium's and Electron's (`--no-sandbox`, `--ozone-platform=…`) alone.
 * @throws Error in words for the person who typed it
 */
export function readStartRequest(argv: readonly string[], places: LocatePlaces): StartRequest {
  const { values } = parseArgs({
    args: [...argv],
    strict: false,
    options: {
      config: { type: 'string' },
      demo: { type: 'boolean' },
      engine: { type: 'string' },
      'allow-setup': { type: 'boolean' },
    },
  })
  const config = textOf(values.config, '--config: expected the path of a floorwatch.yaml')
  const engine = textOf(values.engine, `--engine: ${EXPECTED}`)
  const demo = values.demo === true
  if ([config !== null, demo, engine !== null].filter(Boolean).length > 1) {
    throw new Error('--config, --demo and --engine exclude each other: a window shows one floor')
  }
  const located = demo || engine !== null ? null : locateConfig(config ?? undefined, places)
  return {
    config: located,
    demo,
    engine: engine === null ? null : engineAddress(engine).href,
    ...(values['allow-setup'] === true ? { allowSetup: true } : {}),
  }
}

/**
 * What tells two windows apart. The setup saves where a later start looks first, so it counts as that configuration;
 * an engine is its address, because its token is another after every start.
 */
export function windowKey({ config, demo, engine }: StartRequest, places: LocatePlaces): string {
  if (engine !== null) return `engine ${new URL(engine).origin}`
  return demo ? 'demo' : `config ${config ?? defaultConfigPath(places)}`
}

const EXPECTED =
  'expected the address that `floorwatch serve` printed, such as http://127.0.0.1:4318/?token=…'

function engineAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new Error(`--engine: ${EXPECTED}, found "${text.slice(0, 80)}"`)
  }
  if (!url.searchParams.get('token')) {
    throw new Error('--engine: the address has no token; use the whole line that `floorwatch serve` printed')
  }
  return url
}

function textOf(value: string | boolean | undefined, expected: string): string | null {
  if (value === undefined) return null
  if (typeof value === 'string' && value !== '' && !value.startsWith('-')) return value
  throw new Error(expected)
}
