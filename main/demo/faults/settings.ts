import {
  FAULT_NAMES,
  FaultError,
  isFaultName,
  type FaultName,
  type FaultSetting,
  type FaultSettings,
} from './catalogue.ts'
import { type Floor, resolveTargets } from './targets.ts'

/** Far more than anybody types; keeps one request from naming a floor twice over. */
const MAX_TARGETS = 4096

/**
 * Settings after a change: an object of fault names, each with `true`, `false` or `{on, targets}`. What is not named
 * stays as it is; `targets: null` goes back to the defaults.
 * @throws FaultError naming the fault, the part of it and what was expected
 */
export function changeSettings(
  current: FaultSettings,
  defaults: FaultSettings,
  change: unknown,
  floor: Floor,
): FaultSettings {
  if (!isRecord(change)) {
    throw new FaultError(
      'Expected a JSON object of faults, for example {"frozen": {"on": true, "targets": ["h-0001"]}}.',
    )
  }
  const next: Record<FaultName, FaultSetting> = { ...current }
  for (const [name, value] of Object.entries(change)) {
    if (!isFaultName(name)) throw unknownFault(name)
    next[name] = changeOne(name, current[name], defaults[name], value)
    resolveTargets(floor, name, next[name].targets)
  }
  return next
}

function changeOne(
  name: FaultName,
  current: FaultSetting,
  initial: FaultSetting,
  value: unknown,
): FaultSetting {
  if (typeof value === 'boolean') return { ...current, on: value }
  if (!isRecord(value)) {
    throw new FaultError(`Fault "${name}": expected true, false or {"on": …, "targets": […]}.`)
  }
  const { on = current.on, targets = current.targets, ...others } = value
  const surplus = Object.keys(others)[0]
  if (surplus !== undefined) {
    throw new FaultError(`Fault "${name}" has no "${surplus}"; it has "on" and "targets".`)
  }
  if (typeof on !== 'boolean') throw new FaultError(`Fault "${name}": expected "on" to be true or false.`)
  if (targets === null) return { on, targets: initial.targets }
  if (!Array.isArray(targets) || !targets.every((target) => typeof target === 'string')) {
    throw new FaultError(
      `Fault "${name}": expected "targets" to be a list of texts such as "h-0001/3", or null.`,
    )
  }
  if (targets.length > MAX_TARGETS) {
    throw new FaultError(`Fault "${name}": at most ${MAX_TARGETS} targets, got ${targets.length}.`)
  }
  return { on, targets: [...targets] }
}

/**
 * Settings from the command line: names separated by commas, on top of the defaults. `none` and `all` start over,
 * `no-frozen` switches one off, `hung=h-0003+h-0007` gives it targets.
 * @throws FaultError as {@link changeSettings}
 */
export function parseFaultSwitches(text: string, defaults: FaultSettings, floor: Floor): FaultSettings {
  let settings = defaults
  for (const word of text.split(',').map((part) => part.trim())) {
    if (word === '' || word === 'default') continue
    if (word === 'none' || word === 'all') {
      const every = Object.fromEntries(FAULT_NAMES.map((name) => [name, word === 'all']))
      settings = changeSettings(settings, defaults, every, floor)
      continue
    }
    const [name = '', targets] = word.split('=')
    const off = name.startsWith('no-')
    const change = targets === undefined ? !off : { on: !off, targets: targets.split('+') }
    settings = changeSettings(settings, defaults, { [off ? name.slice(3) : name]: change }, floor)
  }
  return settings
}

function unknownFault(name: string): FaultError {
  return new FaultError(`There is no fault "${name}". Known: ${FAULT_NAMES.join(', ')}.`)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
