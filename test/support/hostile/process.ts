import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Shape } from './shapes.ts'

/** A hostile source that takes no time of whoever measures: what it invents, it invents in a process of its own. */
export interface HostileProcess {
  readonly port: number
  beHostile(): void
  answers(): Promise<number>
  close(): Promise<void>
}

export async function forkHostile({ id }: Shape): Promise<HostileProcess> {
  const child = fork(join(import.meta.dirname, 'child.ts'), [id])
  const number = async (): Promise<number> => {
    const [message] = (await once(child, 'message')) as [unknown]
    if (typeof message !== 'number') throw new Error(`The hostile source said ${String(message)}.`)
    return message
  }
  const exited = once(child, 'exit')
  const port = await Promise.race([
    number(),
    exited.then(([code]) => {
      throw new Error(`The hostile source ended with code ${String(code)}.`)
    }),
  ])
  return {
    port,
    beHostile: () => child.send('hostile'),
    answers() {
      child.send('count')
      return number()
    },
    async close() {
      if (child.exitCode === null) child.kill('SIGKILL')
      await exited
    },
  }
}
