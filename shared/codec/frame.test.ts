import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FIELD_IDS, type FieldId } from '../model/field.ts'
import type { FleetFrame } from '../model/frame.ts'
import { addressTo, decodeFrame, encodeFrame, FrameCodecError, subscriptionOf } from './frame.ts'

function bytesOf(column: { buffer: ArrayBufferLike; byteOffset: number; byteLength: number }): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength).slice()
}

function errorOf(bytes: ArrayBuffer, offset?: number): unknown {
  try {
    decodeFrame(bytes, offset)
    return null
  } catch (error) {
    return error
  }
}

const frames: fc.Arbitrary<FleetFrame> = fc
  .record({
    rows: fc.nat(40),
    fields: fc.uniqueArray(fc.constantFrom(...FIELD_IDS), { maxLength: FIELD_IDS.length }),
    sequence: fc.nat(0xffff_ffff),
    topologyVersion: fc.nat(0xffff_ffff),
    at: fc.double({ noNaN: true, noDefaultInfinity: true }),
    seed: fc.integer(),
  })
  .map(({ seed, ...head }) => {
    let word = seed >>> 0
    const random = () => (word = (Math.imul(word, 1_664_525) + 1_013_904_223) >>> 0)
    const fill = <T extends { length: number; [i: number]: number }>(column: T): T => {
      for (let i = 0; i < column.length; i++) column[i] = random()
      return column
    }
    const perField = <T>(make: () => T) => head.fields.map(make)
    return {
      ...head,
      state: fill(new Uint8Array(head.rows)),
      severity: fill(new Uint8Array(head.rows)),
      presence: fill(new Uint8Array(head.rows)),
      conditions: fill(new Uint16Array(head.rows)),
      ageMs: fill(new Uint32Array(head.rows)),
      values: perField(() => {
        const values = fill(new Float32Array(head.rows))
        if (values.length > 0) values[0] = Number.NaN
        return values
      }),
      states: perField(() => fill(new Uint8Array(head.rows))),
    }
  })

function small(): FleetFrame {
  return {
    sequence: 1,
    at: 1_700_000_000_000,
    topologyVersion: 3,
    rows: 2,
    state: Uint8Array.of(1, 0),
    severity: Uint8Array.of(0, 2),
    presence: Uint8Array.of(1, 0),
    conditions: Uint16Array.of(0, 1),
    ageMs: Uint32Array.of(900, 0xffff_ffff),
    fields: ['power'],
    values: [Float32Array.of(412.5, Number.NaN)],
    states: [Uint8Array.of(1, 0)],
  }
}

describe('frame codec', () => {
  it('gives back what went in, bit for bit', () => {
    fc.assert(
      fc.property(frames, fc.nat(0xffff_ffff), (frame, subscription) => {
        const encoded = encodeFrame(frame, subscription)
        const decoded = decodeFrame(encoded)
        expect(subscriptionOf(encoded)).toBe(subscription)
        expect(decoded.fields).toEqual(frame.fields)
        expect([decoded.sequence, decoded.at, decoded.topologyVersion, decoded.rows]).toEqual([
          frame.sequence,
          frame.at,
          frame.topologyVersion,
          frame.rows,
        ])
        for (const name of ['state', 'severity', 'presence', 'conditions', 'ageMs'] as const) {
          expect(bytesOf(decoded[name])).toEqual(bytesOf(frame[name]))
        }
        expect(decoded.values.map(bytesOf)).toEqual(frame.values.map(bytesOf))
        expect(decoded.states.map(bytesOf)).toEqual(frame.states.map(bytesOf))
      }),
      { numRuns: 300 },
    )
  })

  it('gives views into the message instead of copies', () => {
    const encoded = encodeFrame(small())
    const decoded = decodeFrame(encoded)
    expect(decoded.values[0]?.buffer).toBe(encoded)
    expect(decoded.ageMs.buffer).toBe(encoded)
  })

  it('readdresses without touching the frame', () => {
    const encoded = encodeFrame(small(), 1)
    const copy = addressTo(encoded, 77)
    expect(subscriptionOf(copy)).toBe(77)
    expect(subscriptionOf(encoded)).toBe(1)
    expect(new Uint8Array(copy, 8)).toEqual(new Uint8Array(encoded, 8))
  })

  it('takes a frame without a field and a floor without a row', () => {
    const empty: FleetFrame = {
      ...small(),
      rows: 0,
      state: new Uint8Array(),
      severity: new Uint8Array(),
      presence: new Uint8Array(),
      conditions: new Uint16Array(),
      ageMs: new Uint32Array(),
      fields: [],
      values: [],
      states: [],
    }
    expect(decodeFrame(encodeFrame(empty)).rows).toBe(0)
  })

  it('refuses every truncation and every added byte', () => {
    const encoded = encodeFrame(small())
    for (let length = 0; length < encoded.byteLength; length++) {
      expect(() => decodeFrame(encoded.slice(0, length))).toThrow(FrameCodecError)
    }
    const longer = new ArrayBuffer(encoded.byteLength + 1)
    new Uint8Array(longer).set(new Uint8Array(encoded))
    expect(() => decodeFrame(longer)).toThrow(FrameCodecError)
  })

  it.each([
    ['magic', 8, 0, 'not a fleet frame'],
    ['version', 12, 9, 'layout 9'],
    ['field code', 40, 0xfffe, 'does not know'],
  ])('refuses a foreign %s', (_, at, value, text) => {
    const encoded = encodeFrame(small())
    new DataView(encoded).setUint16(at, value, true)
    expect(() => decodeFrame(encoded)).toThrow(text)
  })

  it('refuses a header that claims more rows than there are bytes, without making room for them', () => {
    const encoded = encodeFrame(small())
    for (const rows of [3, 4_194_304, 0xffff_ffff]) {
      new DataView(encoded).setUint32(32, rows, true)
      expect(() => decodeFrame(encoded)).toThrow(FrameCodecError)
    }
  })

  it('refuses one field twice, on both ends', () => {
    const twice: FleetFrame = {
      ...small(),
      fields: ['power', 'power'],
      values: [new Float32Array(2), new Float32Array(2)],
      states: [new Uint8Array(2), new Uint8Array(2)],
    }
    expect(() => encodeFrame(twice)).toThrow('twice')
    const fields: FieldId[] = ['power', 'gpuTemp']
    const encoded = encodeFrame({ ...twice, fields })
    const view = new DataView(encoded)
    view.setUint16(42, view.getUint16(40, true), true)
    expect(() => decodeFrame(encoded)).toThrow('twice')
  })

  it('throws its own error alone on arbitrary bytes and arbitrary damage', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.double(), (bytes, offset) => {
        expect(errorOf(bytes.slice().buffer)).toBeInstanceOf(FrameCodecError)
        expect(errorOf(bytes.slice().buffer, offset)).toBeInstanceOf(FrameCodecError)
      }),
      { numRuns: 300 },
    )
    fc.assert(
      fc.property(frames, fc.nat(), fc.nat(255), (frame, place, value) => {
        const encoded = encodeFrame(frame)
        new Uint8Array(encoded)[place % encoded.byteLength] = value
        const error = errorOf(encoded)
        return error === null || error instanceof FrameCodecError
      }),
      { numRuns: 300 },
    )
  })

  it('refuses to encode columns that do not fit together', () => {
    expect(() => encodeFrame({ ...small(), ageMs: new Uint32Array(1) })).toThrow('"ageMs" has 1 entries')
    expect(() => encodeFrame({ ...small(), values: [] })).toThrow('values of power')
    expect(() => encodeFrame({ ...small(), at: Number.NaN })).toThrow(FrameCodecError)
    expect(() => encodeFrame(small(), -1)).toThrow(FrameCodecError)
  })
})
