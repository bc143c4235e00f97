import { parseArgs } from 'node:util'
import { z } from 'zod'
import { resolve } from 'node:path'
import { defaultConfigPath, locate, openSecret } from '../config/index.ts'
import type { LocatePlaces } from '../config/locate.ts'

/**
 * What a window was asked to show. A second start hands this to the shell that runs already, so every path in it is
 * absolute: the two need not have been started in the same folder.
 */
export const startRequestSchema = z.strictObject({
  /** null: no configuration yet, so the setup. */
  config: z.string().min(1).nullable(),
  demo: z.boolean(),
  /** An engine that runs already: its address, with the token in the query where no file holds it. */
  engine: z.url({ protocol: /^https?$/ }).nullable(),
  /** The file that holds the engine's token, read again for every connection. */
  tokenFile: z.string().min(1).optional(),
  /** The file of a private authority that signed the engine's certificate. */
  caFile: z.string().min(1).optional(),
  /** The setup takes changes for a while although a site is configured. */
  allowSetup: z.literal(true).optional(),
  /** Floorwatch's state folder, where it was named. */
  state: z.string().min(1).optional(),
  /** The configuration was not named with --config, it was found in the working folder. */
  found: z.literal('folder').optional(),
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
      'token-file': { type: 'string' },
      'token-env': { type: 'string' },
      ca: { type: 'string' },
      'allow-setup': { type: 'boolean' },
      state: { type: 'string' },
    },
  })
  const config = textOf(values.config, '--config: expected the path of a floorwatch.yaml')
  const engine = textOf(values.engine, `--engine: ${EXPECTED}`)
  const demo = values.demo === true
  const state = textOf(values.state, '--state: expected the path of a folder')
  if ([config !== null, demo, engine !== null].filter(Boolean).length > 1) {
    throw new Error('--config, --demo and --engine exclude each other: a window shows one floor')
  }
  const located = demo || engine !== null ? null : locate(config ?? undefined, places)
  return {
    config: located?.path ?? null,
    demo,
    ...engineOf(engine, values, places),
    ...(state === null ? {} : { state: resolve(places.cwd, state) }),
    ...(values['allow-setup'] === true ? { allowSetup: true } : {}),
    ...(located?.found === 'folder' ? { found: located.found } : {}),
  }
}

/**
 * What distinguishes two windows. The setup saves where a later start looks first, so it counts as that configuration;
 * an engine is its address, because its token is another after every start.
 */
export function windowKey({ config, demo, engine }: StartRequest, places: LocatePlaces): string {
  if (engine !== null) return `engine ${new URL(engine).origin}`
  return demo ? 'demo' : `config ${config ?? defaultConfigPath(places)}`
}

/** Whether the token was typed where every user of this machine can read it: on the command line. */
export function tokenOnCommandLine(argv: readonly string[]): boolean {
  return argv.some((word) => /^(?:--engine=)?https?:\/\/[^ ]*[?&]token=./.test(word))
}

const EXPECTED =
  'expected the address of `floorwatch serve`, such as http://127.0.0.1:4318, with --token-file PATH or --token-env NAME'

type Values = Readonly<Record<string, string | boolean | undefined>>

function engineOf(
  text: string | null,
  values: Values,
  places: LocatePlaces,
): Pick<StartRequest, 'engine' | 'tokenFile' | 'caFile'> {
  const ca = textOf(values['ca'], '--ca: expected the path of a PEM file with the authority of the engine')
  const trust = ca === null ? {} : { caFile: resolve(places.cwd, ca) }
  const file = textOf(values['token-file'], '--token-file: expected the path of a file that holds the token')
  const env = textOf(values['token-env'], '--token-env: expected the name of an environment variable')
  if (text === null) {
    if (ca !== null) throw new Error('--ca goes with --engine: it is the authority of its certificate')
    if (file === null && env === null) return { engine: null }
    throw new Error('--token-file and --token-env go with --engine: they hold its token')
  }
  if (file !== null && env !== null) throw new Error('--token-file and --token-env exclude each other')
  const url = engineAddress(text)
  const inAddress = Boolean(url.searchParams.get('token'))
  if (inAddress && (file !== null || env !== null)) {
    throw new Error(
      '--engine: the address has a token already; leave it out, or --token-file and --token-env',
    )
  }
  if (file !== null) return { engine: url.href, tokenFile: resolve(places.cwd, file), ...trust }
  if (env !== null) {
    url.searchParams.set('token', openSecret({ env }, { env: places.env, folder: places.cwd }).reveal())
  } else if (!inAddress) {
    throw new Error(
      '--engine: the address has no token; use the whole "desktop" line that `floorwatch serve` printed',
    )
  }
  return { engine: url.href, ...trust }
}

function engineAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return url
  const shown = text.slice(0, 80).replace(/token=.*/, 'token=…')
  throw new Error(`--engine: ${EXPECTED}, found "${shown}"`)
}

function textOf(value: string | boolean | undefined, expected: string): string | null {
  if (value === undefined) return null
  if (typeof value === 'string' && value !== '' && !value.startsWith('-')) return value
  throw new Error(expected)
}
