/**
 * What a helper process such as the demo factory needs of an environment: where temporary files go, the time zone, the
 * language, and what the system itself asks for. Tokens that the console has for its site are none of its business.
 */
const NEEDED = [
  'PATH',
  'HOME',
  'TMPDIR',
  'TEMP',
  'TMP',
  'TZ',
  'LANG',
  'LC_ALL',
  'LC_TIME',
  'NODE_NO_WARNINGS',
  'NODE_V8_COVERAGE',
  // Windows does not start a program without them.
  'SYSTEMROOT',
  'WINDIR',
  'COMSPEC',
  'PATHEXT',
  'USERPROFILE',
  'LOCALAPPDATA',
] as const

type Environment = Readonly<Record<string, string | undefined>>

/** Names are compared as Windows does, without case. */
export function leanEnvironment(of: Environment = process.env): Record<string, string> {
  const needed = new Set<string>(NEEDED)
  return Object.fromEntries(
    Object.entries(of).flatMap(([name, value]) =>
      value !== undefined && needed.has(name.toUpperCase()) ? [[name, value]] : [],
    ),
  )
}
