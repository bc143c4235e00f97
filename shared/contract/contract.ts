import type { z } from 'zod'
import type { FleetFrame } from '../model/frame.ts'
import { accessCommands, accessStreams } from './channels/access.ts'
import { auditCommands } from './channels/audit.ts'
import { consoleCommands, consoleStreams } from './channels/console.ts'
import type { Command, FrameStream, Stream } from './define.ts'
import { fleetCommands, fleetStreams } from './channels/fleet.ts'
import { incidentCommands, incidentStreams } from './channels/incidents.ts'
import { causeStreams } from './channels/cause.ts'
import { sloCommands, sloStreams } from './channels/slo.ts'
import { tenantCommands, tenantStreams } from './channels/tenants.ts'
import { throttleCommands, throttleStreams } from './channels/throttles.ts'
import { tokenCommands, tokenStreams } from './channels/tokens.ts'

/** Every command and stream there is. A channel that is not here does not exist on any transport. */
export const COMMANDS = {
  ...accessCommands,
  ...auditCommands,
  ...consoleCommands,
  ...fleetCommands,
  ...tokenCommands,
  ...tenantCommands,
  ...incidentCommands,
  ...sloCommands,
  ...throttleCommands,
}
export const STREAMS = {
  ...accessStreams,
  ...consoleStreams,
  ...fleetStreams,
  ...tokenStreams,
  ...tenantStreams,
  ...incidentStreams,
  ...sloStreams,
  ...causeStreams,
  ...throttleStreams,
}

export type CommandName = keyof typeof COMMANDS
/** Commands that do something. */
export type ActCommandName = {
  [N in CommandName]: (typeof COMMANDS)[N]['access'] extends 'act' ? N : never
}[CommandName]
export type StreamName = keyof typeof STREAMS

type InputOf<C> = C extends Command<infer I> ? z.input<I> : never
type ParsedOf<C> = C extends Command<infer I> ? z.output<I> : never
type OutputOf<C> = C extends Command<z.ZodType, infer O> ? z.output<O> : never

export type CommandInput<N extends CommandName> = InputOf<(typeof COMMANDS)[N]>
/** What a handler receives: the input after validation. */
export type CommandParsed<N extends CommandName> = ParsedOf<(typeof COMMANDS)[N]>
export type CommandOutput<N extends CommandName> = OutputOf<(typeof COMMANDS)[N]>

export type StreamParams<N extends StreamName> = z.output<(typeof STREAMS)[N]['params']>
export type StreamItem<N extends StreamName> = (typeof STREAMS)[N] extends FrameStream
  ? FleetFrame
  : (typeof STREAMS)[N] extends Stream<z.ZodType, infer T>
    ? z.output<T>
    : never

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name)
}

export function isStreamName(name: string): name is StreamName {
  return Object.hasOwn(STREAMS, name)
}
