import { describe, expect, it } from 'vitest'
import { type OperationName, OPERATIONS } from '../../../../shared/metering/operations.ts'
import { routeOf } from './route.ts'

describe('routeOf', () => {
  it.each(Object.keys(OPERATIONS) as OperationName[])('leads to %s', (name) => {
    const { method, path } = OPERATIONS[name]
    const id = path.includes('{id}') ? 'a/b c' : null
    const route = routeOf(method, path.replace('{id}', encodeURIComponent('a/b c')))
    expect(route).toMatchObject({ kind: 'operation', name, id })
  })

  it('takes a path that is written out before one with a parameter', () => {
    expect(routeOf('POST', '/v1/throttles/preview')).toMatchObject({ name: 'previewThrottle' })
    expect(routeOf('GET', '/v1/audit/checkpoint')).toMatchObject({ name: 'getCheckpoint', id: null })
    expect(routeOf('GET', '/v1/throttles/preview')).toEqual({ kind: 'method', allow: ['POST'] })
  })

  it('answers HEAD where it answers GET, and nowhere else', () => {
    expect(routeOf('HEAD', '/v1/usage')).toMatchObject({ name: 'getUsage' })
    expect(routeOf('HEAD', '/v1/throttles/preview').kind).toBe('method')
  })

  it('knows no empty ids and no broken ones', () => {
    expect(routeOf('GET', '/v1/tenants/%e0%a4/limits').kind).toBe('unknown')
    expect(routeOf('GET', '/v1/throttles/a/b').kind).toBe('unknown')
  })
})
