import { createServer as createTcpServer, type AddressInfo } from 'node:net'
import { afterAll, describe, expect, it } from 'vitest'
import { describeFailure, describeStatus, RequestFailure, SourceFailure } from './failure.ts'
import { boundedRequest, createAgent } from './http/index.ts'
import { usedSecrets } from './redact.ts'

const place = { source: 'Prometheus', address: 'http://prom:9090' }
const network = (code: string, message = code) =>
  RequestFailure.network(Object.assign(new Error(message), { code }))

describe('describeFailure', () => {
  it('cuts a long target of a redirect', () => {
    const location = `/login/${'a'.repeat(31_000)}`
    const { text } = describeFailure(new RequestFailure('redirect', '', { status: 302, location }), place)
    expect(text).toContain('redirects to http://prom:9090/login/aaa')
    expect(text.length).toBeLessThan(400)
  })

  it('shows nothing of a token that stands where a message is cut', () => {
    const token = 'tok-of-the-cut-message-4711'
    usedSecrets.register(token)
    const { text } = describeFailure(new Error(`${'x'.repeat(290)}${token}`), place)
    expect(text).toContain('xxx')
    expect(text).not.toContain('tok-of')
  })

  it.each([
    ['ECONNREFUSED', 'refused', 'Prometheus: connection refused by http://prom:9090'],
    ['ENOTFOUND', 'dns', 'Prometheus: the host name of http://prom:9090 is unknown'],
    ['EAI_AGAIN', 'dns', 'Prometheus: the DNS server gave no answer for http://prom:9090'],
    ['EHOSTUNREACH', 'unreachable', 'Prometheus: no route to http://prom:9090'],
    [
      'UND_ERR_CONNECT_TIMEOUT',
      'timeout',
      'Prometheus: no connection to http://prom:9090: packets go unanswered',
    ],
    [
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'tls',
      'Prometheus: the certificate of http://prom:9090 is signed by an unknown authority',
    ],
    ['CERT_HAS_EXPIRED', 'tls', 'Prometheus: the certificate of http://prom:9090 has expired'],
    [
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'tls',
      'Prometheus: the certificate of http://prom:9090 is for another name',
    ],
    ['HPE_INVALID_CONSTANT', 'protocol', 'Prometheus: http://prom:9090 does not speak HTTP'],
  ])('puts %s in words', (nodeCode, code, text) => {
    expect(describeFailure(network(nodeCode), place)).toMatchObject({ code, text })
  })

  it('names the file to set for an unknown authority', () => {
    expect(describeFailure(network('SELF_SIGNED_CERT_IN_CHAIN'), place).nextStep).toContain('tls.ca')
  })

  it('names deadline and cap', () => {
    const late = new RequestFailure('timeout', '', { limit: 4000 })
    const large = new RequestFailure('too-large', '', { limit: 32 << 20, inflated: true })
    expect(describeFailure(late, place).text).toBe('Prometheus: no answer within 4 s from http://prom:9090')
    expect(describeFailure(large, place).text).toBe(
      'Prometheus: the answer of http://prom:9090 is larger than the cap of 32 MiB once inflated',
    )
  })

  it('reads the first of several connection attempts', () => {
    const inner = Object.assign(new Error('connect ECONNREFUSED ::1:9090'), { code: 'ECONNREFUSED' })
    const failure = RequestFailure.network(new AggregateError([inner, inner]))
    expect(describeFailure(failure, place).code).toBe('refused')
  })

  it('shows an unforeseen error without its secrets in the address', () => {
    const told = describeFailure(new Error('odd'), { source: 's', address: 'http://u:hunter22@h/?token=t0p' })
    expect(told.text).toBe('s: http://h/?token=[hidden]: odd')
  })

  it('hands on what was put in words before', () => {
    const failure = { code: 'parse', text: 'x', nextStep: 'y' }
    expect(describeFailure(new SourceFailure(failure), place)).toBe(failure)
  })
})

describe('describeStatus', () => {
  it.each([
    [401, 'the token or password was refused or is missing'],
    [403, 'access is forbidden'],
    [404, 'nothing is served at this path'],
    [429, 'too many requests'],
    [503, 'it, or what stands behind it, is not available'],
    [500, 'internal error'],
    [418, 'the request was refused'],
  ])('explains %i', (status, what) => {
    const told = describeStatus(status, place)
    expect(told.code).toBe(`http-${status}`)
    expect(told.text).toBe(`Prometheus: HTTP ${status} from http://prom:9090: ${what}`)
    expect(told.nextStep).not.toBe('')
  })

  it('quotes what the server said, bounded', () => {
    expect(describeStatus(500, place, 'x'.repeat(5000)).text.length).toBeLessThan(400)
  })
})

describe('against real sockets', () => {
  const agent = createAgent({ connections: 1 })
  afterAll(() => agent.close())
  const codeAt = async (url: string) =>
    await boundedRequest({ url, agent, deadlineMs: 3000, maxBodyBytes: 1000 }).then(
      () => 'answered',
      (error: unknown) => describeFailure(error, { source: 's', address: url }).code,
    )

  it('tells a closed port, a server that is no HTTP, and one that is no TLS', async () => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => {}).resume()
      socket.end('SSH-2.0-OpenSSH_9.2\r\n')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    expect(await codeAt(`http://127.0.0.1:${port}`)).toBe('protocol')
    expect(await codeAt(`https://127.0.0.1:${port}`)).toBe('tls')
    await new Promise((resolve) => server.close(resolve))
    expect(await codeAt(`http://127.0.0.1:${port}`)).toBe('refused')
  })

  it('tells an unknown host name', async () => {
    expect(await codeAt('http://no-such-host.invalid/')).toBe('dns')
  })
})
