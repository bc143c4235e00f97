import { textOf as messageText } from '../../shared/messages/format.ts'
import { AccessRefusal } from '../access/index.ts'
import { ConfigError } from '../config/problems.ts'
import { schemaText } from '../config/jsonSchema.ts'
import { USAGE as DEMO_USAGE } from '../demo/options.ts'
import { type Invocation, parseArguments } from './arguments.ts'
import { UsageError } from './usageError.ts'
import { helpText } from './help.ts'
import { type Output, terminal, VERSION } from './surroundings.ts'

export { parseArguments } from './arguments.ts'
export { UsageError } from './usageError.ts'
export type { Invocation } from './arguments.ts'

/**
 * Runs one command to its end. main/launch/start.mjs calls it, with `why` where it wanted a window and found none.
 * @returns the exit code: 0 done, 1 it did not work, 2 the command line was not understood
 */
export async function run(
  invocation: Invocation,
  why: string | null = null,
  output: Output = terminal,
): Promise<number> {
  try {
    return await dispatch(invocation, why, output)
  } catch (error) {
    output.err(inWords(error))
    return 1
  }
}

async function dispatch(invocation: Invocation, why: string | null, output: Output): Promise<number> {
  switch (invocation.command) {
    case 'start':
    case 'serve': {
      const { serve } = await import('./serve.ts')
      return serve(invocation, output, why)
    }
    case 'wall': {
      const { wall } = await import('./wall.ts')
      return wall(invocation, output)
    }
    case 'user': {
      const { user } = await import('./user.ts')
      return user(invocation, output)
    }
    case 'verify': {
      const { verify } = await import('./verify.ts')
      return verify(invocation, output)
    }
    case 'demo': {
      const { demo } = await import('./demo.ts')
      return demo(invocation.rest)
    }
    case 'check': {
      const { check } = await import('./check/check.ts')
      return check(invocation.config, output)
    }
    case 'conformance': {
      const { conformance } = await import('./conformance/conformance.ts')
      return conformance(invocation, output)
    }
    default:
      output.out(textOf(invocation).trimEnd())
      return 0
  }
}

function textOf(invocation: Extract<Invocation, { command: 'help' | 'version' | 'schema' }>): string {
  if (invocation.command === 'version') return VERSION
  return invocation.command === 'schema' ? schemaText() : helpText(invocation.topic, DEMO_USAGE)
}

/** As {@link run}, from the words of the command line. */
export async function runLine(argv: readonly string[], output: Output = terminal): Promise<number> {
  try {
    return await run(parseArguments(argv), null, output)
  } catch (error) {
    output.err(inWords(error))
    return error instanceof UsageError ? 2 : 1
  }
}

function inWords(error: unknown): string {
  if (error instanceof ConfigError) return `The configuration is refused:\n${error.message}`
  if (error instanceof UsageError) return `${error.message}\nTry: floorwatch --help`
  if (error instanceof AccessRefusal) return `floorwatch: ${error.message} ${messageText(error.nextStep)}`
  return `floorwatch: ${error instanceof Error ? error.message : String(error)}`
}
