import { describe, expect, it } from 'vitest'
import { message } from './message.ts'
import { messageSchema } from './schema.ts'

describe('a message on the wire', () => {
  it('comes out as it went in, with messages inside', () => {
    const sent = message('setup.form.exporters.line', {
      line: 3,
      address: 'ftp://h',
      problem: message('setup.form.address.protocol', { protocol: 'ftp:' }),
    })
    expect(messageSchema.parse(JSON.parse(JSON.stringify(sent)))).toEqual(sent)
  })

  it('is refused where no text has its id, inside another as well', () => {
    expect(messageSchema.safeParse({ id: 'toString', values: {} }).success).toBe(false)
    expect(messageSchema.safeParse({ id: 'setup.unknown', values: {} }).success).toBe(false)
    const inside = { id: 'setup.form.exporters.line', values: { problem: { id: 'nothing', values: {} } } }
    expect(messageSchema.safeParse(inside).success).toBe(false)
  })
})
