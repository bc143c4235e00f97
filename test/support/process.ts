import { readFileSync } from 'node:fs'

export interface ProcessUsage {
  /** User and system CPU time since the process began, seconds. */
  readonly cpuSeconds: number
  /** Resident set, bytes. */
  readonly residentBytes: number
  /** The largest resident set it ever had, bytes. */
  readonly peakBytes: number
}

/** Clock ticks per second of /proc on every Linux that Node runs on (USER_HZ). */
const TICKS = 100

/** What a process has used, from /proc; null where the system has none (only Linux has). */
export function usageOf(pid: number): ProcessUsage | null {
  try {
    // The name in parentheses may hold spaces; the fields after it never do.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const kibibytes = (name: string) =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0)
    return {
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS,
      residentBytes: kibibytes('VmRSS') * 1024,
      peakBytes: kibibytes('VmHWM') * 1024,
    }
  } catch {
    return null
  }
}
