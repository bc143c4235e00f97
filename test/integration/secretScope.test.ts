import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { readConfig } from '../../main/config/load.ts'
import { watchEngine } from '../support/watchedEngine.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

const TOKEN = 'sk-canary-7f2b9c41d0'

/** A server that writes down with which secret it was asked for what. */
async function server(answers: (path: string) => string = () => '') {
  const asked: string[] = []
  const http = createServer((request, response) => {
    asked.push(`${request.url ?? ''} ${request.headers.authorization ?? 'without'}`)
    response.end(answers(request.url ?? ''))
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  cleanups.push(() => {
    http.closeAllConnections()
    return new Promise((resolve) => http.close(resolve))
  })
  return { host: `127.0.0.1:${(http.address() as AddressInfo).port}`, asked }
}

function watch(yaml: string) {
  const { screen, close } = watchEngine(
    readConfig(`version: 1\nsite: { name: Test hall }\n${yaml}`, 'floorwatch.yaml', { env: { TOKEN } }),
  )
  cleanups.push(close)
  return screen
}

describe.each(['exporters', 'inference'])('a secret of %s', (section) => {
  const other = section === 'inference' ? 'prometheus: { url: "http://127.0.0.1:9" }\n' : ''
  const through = section === 'inference' ? 'prometheus: false, ' : ''

  it.each(['file_sd', 'HTTP SD'])(
    'goes to no address that a list brings (%s), and that is told',
    async (kind) => {
      const [own, thief] = [await server(), await server()]
      const list = JSON.stringify([
        { targets: [thief.host, own.host], labels: { __metrics_path__: '/take' } },
      ])
      const sd = await server((path) => (path === '/sd' ? list : ''))
      const folder = mkdtempSync(join(tmpdir(), 'floorwatch-scope-'))
      cleanups.push(() => rmSync(folder, { recursive: true }))
      const file = join(folder, 'targets.json')
      writeFileSync(file, list)
      const lists = kind === 'file_sd' ? `files: ["${file}"]` : `http: ["http://${sd.host}/sd"]`
      const screen = watch(
        `${other}${section}: { ${through}static: ["${own.host}"], ${lists}, interval: 500ms, bearer: { env: TOKEN } }\n`,
      )
      const findings = await screen
        .watch('fleet.findings', {})
        .until('it is told', (found) => JSON.stringify(found).includes('without the secret'))
      await expect.poll(() => thief.asked.length, { timeout: 10_000 }).toBeGreaterThan(0)
      expect(new Set(thief.asked)).toEqual(new Set(['/take without']))
      expect(JSON.stringify(findings)).toContain(`${section}.secretFor`)
      expect(JSON.stringify(findings)).toContain(thief.host)
      // The address of the configuration gets it, however the list calls it.
      await expect.poll(() => new Set(own.asked)).toContain(`/metrics Bearer ${TOKEN}`)
      if (kind === 'HTTP SD') expect(sd.asked).toContain(`/sd Bearer ${TOKEN}`)
    },
  )

  it('goes to those that the configuration confirms', async () => {
    const [listed, thief] = [await server(), await server()]
    const sd = await server(() => JSON.stringify([{ targets: [listed.host, thief.host] }]))
    watch(
      `${other}${section}: { ${through}http: ["http://${sd.host}/sd"], secretFor: ["${listed.host}"], interval: 500ms, bearer: { env: TOKEN } }\n`,
    )
    await expect.poll(() => listed.asked.length, { timeout: 10_000 }).toBeGreaterThan(0)
    await expect.poll(() => thief.asked.length, { timeout: 10_000 }).toBeGreaterThan(0)
    expect(new Set(listed.asked)).toEqual(new Set([`/metrics Bearer ${TOKEN}`]))
    expect(new Set(thief.asked)).toEqual(new Set(['/metrics without']))
  })
})
