import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floorwatch-cli-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** The command line from source, in a process of its own, under the Node that runs this test. */
function floorwatch(...words: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const entry = JSON.stringify(new URL('main.ts', import.meta.url).href)
  const script = `const { runLine } = await import(${entry}); process.exitCode = await runLine(process.argv.slice(1))`
  // Nothing of this machine's own configuration may be found.
  const env = { PATH: process.env['PATH'], HOME: folder, XDG_CONFIG_HOME: folder, NODE_NO_WARNINGS: '1' }
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, '--', ...words], {
    cwd: folder,
    env,
  })
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })))
}

describe('floorwatch', () => {
  it.each([['--help'], ['serve', '--help'], ['check', '--help'], ['demo', '--help'], ['schema', '--help']])(
    'helps with %s %s',
    async (...words) => {
      const { code, out, err } = await floorwatch(...words)
      expect([code, err]).toEqual([0, ''])
      expect(out).toMatchSnapshot('text')
    },
  )

  it('tells its version', async () => {
    expect(await floorwatch('version')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    })
  })

  it('prints the schema of its configuration', async () => {
    const { code, out } = await floorwatch('schema')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ title: expect.stringContaining('floorwatch.yaml') })
  })

  it.each([[['--cofig', 'x.yaml']], [['strat']], [['serve', '--host', '0.0.0.0']]])(
    'says what is wrong with %j and ends with 2',
    async (words) => {
      const { code, out, err } = await floorwatch(...words)
      expect([code, out]).toEqual([2, ''])
      expect(err).toMatchSnapshot('text')
      expect(err).not.toContain('    at ')
    },
  )

  it('refuses a broken configuration with file and line and ends with 1', async () => {
    await writeFile(join(folder, 'broken.yaml'), 'version: 1\nsite: { nam: x }\n')
    for (const command of ['check', 'serve']) {
      const { code, err } = await floorwatch(command, '--config', 'broken.yaml')
      expect(code).toBe(1)
      expect(err).toMatch(/^The configuration is refused:\nbroken\.yaml:2:9: site\.nam: there is no such key/)
      expect(err).not.toContain('    at ')
    }
  })

  it('says that there is nothing to check', async () => {
    expect(await floorwatch('check')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no configuration'),
    })
  })
})
