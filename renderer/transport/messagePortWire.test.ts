import { afterEach, describe, expect, it, vi } from 'vitest'
import { messagePortWire } from './messagePortWire.ts'

/** A window as far as the wire needs one: it takes listeners and has an origin. */
function fakePage() {
  const target = new EventTarget()
  const page = {
    origin: 'floorwatch://app',
    addEventListener: target.addEventListener.bind(target),
    removeEventListener: target.removeEventListener.bind(target),
  } as unknown as Window
  const post = (data: unknown, ports: MessagePort[], source: unknown = page, origin = page.origin): void => {
    const event = Object.assign(new Event('message'), { data, ports, source, origin })
    target.dispatchEvent(event)
  }
  return { page, post }
}

const channels: MessageChannel[] = []
function channel(): MessageChannel {
  const made = new MessageChannel()
  channels.push(made)
  return made
}
afterEach(() => {
  for (const { port1, port2 } of channels.splice(0)) {
    port1.close()
    port2.close()
  }
})

const shell = { requestPort: vi.fn<() => void>(), platform: 'linux' }
const PORT = { type: 'floorwatch-port' }

describe('messagePortWire', () => {
  it('asks the shell, sends what had to wait, and hands on what comes', async () => {
    const { page, post } = fakePage()
    const { port1, port2 } = channel()
    const wire = messagePortWire(shell, page)
    const heard = new Promise((resolve) => wire.onMessage(resolve))
    wire.send('early')
    const received = new Promise((resolve) => {
      port2.addEventListener('message', ({ data }) => resolve(data))
      port2.start()
    })
    post(PORT, [port1])
    port2.postMessage('hello')
    expect(shell.requestPort).toHaveBeenCalled()
    await expect(received).resolves.toBe('early')
    await expect(heard).resolves.toBe('hello')
  })

  it('believes no other window, no other origin and no other message', () => {
    const { page, post } = fakePage()
    const { port1 } = channel()
    const start = vi.spyOn(port1, 'start')
    messagePortWire(shell, page)
    post(PORT, [port1], {})
    post(PORT, [port1], page, 'https://evil.example')
    post({ type: 'gift' }, [port1])
    post(null, [port1])
    expect(start).not.toHaveBeenCalled()
  })

  it('tells in the words of the shell why the line ended, once', async () => {
    const { page, post } = fakePage()
    const { port1, port2 } = channel()
    const wire = messagePortWire(shell, page)
    const reasons: string[] = []
    const ended = new Promise<void>((resolve) =>
      wire.onClose((reason) => {
        reasons.push(reason)
        resolve()
      }),
    )
    wire.onMessage(() => reasons.push('a message'))
    post(PORT, [port1])
    port2.postMessage({ closed: 7 })
    port2.postMessage({ closed: 'The engine has stopped.' })
    port2.close()
    await ended
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(reasons).toEqual(['The engine has stopped.'])
  })

  it('knows a refusal from a loss', async () => {
    const { page, post } = fakePage()
    const { port1, port2 } = channel()
    const wire = messagePortWire(shell, page)
    const ended = new Promise((resolve) => wire.onClose((reason, end) => resolve([reason, end])))
    post(PORT, [port1])
    port2.postMessage({ closed: 'It does not know this token.', refused: true })
    expect(await ended).toEqual(['It does not know this token.', 'refused'])
  })

  it('closes a port that comes after the line was given up', () => {
    const { page, post } = fakePage()
    const { port1 } = channel()
    const close = vi.spyOn(port1, 'close')
    messagePortWire(shell, page).close()
    post(PORT, [port1])
    expect(close).toHaveBeenCalled()
  })
})
