import { readFileSync } from 'node:fs'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { describe, expect, it } from 'vitest'
import { FILES } from '../tools/openapi/files.ts'
import { openApiText } from '../tools/openapi/document.ts'

describe('the Metering API as OpenAPI', () => {
  it.each(FILES)('$path is what the schemas say (npm run openapi)', ({ path, text }) => {
    expect(readFileSync(path, 'utf8')).toBe(text())
  })

  it('passes the recommended rules of a linter', async () => {
    const config = await createConfig({
      extends: ['recommended-strict'],
      rules: { 'no-server-example.com': 'off' },
    })
    const problems = await lintFromString({ source: openApiText(), config })
    expect(
      problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer ?? ''}`),
    ).toEqual([])
  })

  it('has no place for content', () => {
    expect(openApiText()).not.toMatch(/^\s+(prompt|completion|messages?|arguments):$/m)
  })
})
