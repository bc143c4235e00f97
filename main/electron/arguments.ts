import { parseArgs } from 'node:util'

/** What the desktop shell was asked for; the launcher passes it on from the command line. */
export interface ShellArguments {
  readonly config: string | null
  readonly demo: boolean
  /** An engine that runs already: its address, with the token in the query. */
  readonly engine: URL | null
}

/**
 * Reads the shell's own flags and leaves Chromium's and Electron's (`--no-sandbox`, `--ozone-platform=…`) alone.
 * @throws Error in words for the person who typed it
 */
export function readShellArguments(argv: readonly string[]): ShellArguments {
  const { values } = parseArgs({
    args: [...argv],
    strict: false,
    options: { config: { type: 'string' }, demo: { type: 'boolean' }, engine: { type: 'string' } },
  })
  return {
    config: typeof values.config === 'string' ? values.config : null,
    demo: values.demo === true,
    engine: typeof values.engine === 'string' ? engineAddress(values.engine) : null,
  }
}

function engineAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new Error(
      `--engine: expected the address that \`floorwatch serve\` printed, such as http://127.0.0.1:4318/?token=…, found "${text.slice(0, 80)}"`,
    )
  }
  if (url.searchParams.get('token') === null) {
    throw new Error('--engine: the address has no token; use the whole line that `floorwatch serve` printed')
  }
  return url
}
