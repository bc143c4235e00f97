import {
  chmod,
  chown,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ownFolder, putFile, UnsafePathError } from './ownFolder.ts'

const posix = process.platform !== 'win32'
let place = ''
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'floorwatch-own-'))
})
afterEach(() => rm(place, { recursive: true, force: true }))

describe.runIf(posix)('a folder of one’s own', () => {
  it('is made with its parents, for its owner alone, also from a relative path', async () => {
    const path = join(place, 'a', 'b')
    expect(await ownFolder(relative(process.cwd(), path))).toBe(path)
    for (const folder of [join(place, 'a'), path]) expect((await stat(folder)).mode & 0o777).toBe(0o700)
    expect(await ownFolder(path)).toBe(path)
  })

  it.each(['link', 'link/inner', 'link/../link', 'dangling'])('is never reached through %s', async (name) => {
    await mkdir(join(place, 'victim'))
    await symlink(join(place, 'victim'), join(place, 'link'))
    await symlink(join(place, 'nowhere'), join(place, 'dangling'))
    await expect(ownFolder(join(place, name))).rejects.toThrow(UnsafePathError)
    await expect(ownFolder(join(place, name))).rejects.toThrow('is a symbolic link')
    await expect(lstat(join(place, 'victim', 'inner'))).rejects.toThrow('ENOENT')
    await expect(lstat(join(place, 'nowhere'))).rejects.toThrow('ENOENT')
  })

  it('is not one that others can change, unless they can only add to it', async () => {
    await chmod(place, 0o777)
    await expect(ownFolder(place)).rejects.toThrow('chmod go-w')
    await chmod(place, 0o1777)
    expect(await ownFolder(place)).toBe(place)
  })

  it.each([0o777, 0o770, 0o720])(
    'does not lie where others can put another in its place (%o)',
    async (mode) => {
      await mkdir(join(place, 'open', 'mine'), { recursive: true, mode: 0o700 })
      await chmod(join(place, 'open'), mode)
      for (const path of ['mine', 'mine/new']) {
        await expect(ownFolder(join(place, 'open', path))).rejects.toThrow(
          `chmod go-w ${join(place, 'open')}`,
        )
      }
      await expect(lstat(join(place, 'open', 'mine', 'new'))).rejects.toThrow('ENOENT')
      await chmod(join(place, 'open'), 0o1777)
      expect(await ownFolder(join(place, 'open', 'mine'))).toBe(join(place, 'open', 'mine'))
    },
  )

  it.runIf(process.getuid?.() === 0)('does not lie in a folder of another user', async () => {
    await mkdir(join(place, 'theirs', 'mine'), { recursive: true, mode: 0o700 })
    await chown(join(place, 'theirs'), 1234, 1234)
    await expect(ownFolder(join(place, 'theirs', 'mine'))).rejects.toThrow('belongs to another user')
  })

  it('is not a file', async () => {
    await writeFile(join(place, 'file'), '')
    await expect(ownFolder(join(place, 'file', 'x'))).rejects.toThrow('is not a folder')
  })
})

describe.runIf(posix)('a file in it', () => {
  it('is not written through a link, nor into a file that has a second name', async () => {
    const victim = join(place, 'victim')
    await writeFile(victim, 'mine')
    await symlink(victim, join(place, 'soft'))
    await link(victim, join(place, 'hard'))
    await expect(putFile(join(place, 'soft'), 'theirs')).rejects.toThrow('is a symbolic link')
    await putFile(join(place, 'hard'), 'theirs')
    expect(await readFile(victim, 'utf8')).toBe('mine')
    expect(await readFile(join(place, 'hard'), 'utf8')).toBe('theirs')
  })

  it('takes the place of one that was open to others', async () => {
    const path = join(place, 'token')
    await writeFile(path, 'old')
    await chmod(path, 0o666)
    await putFile(path, 'new', 0o600)
    expect(await readFile(path, 'utf8')).toBe('new')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })
})
