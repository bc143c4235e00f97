import { z } from 'zod'

/**
 * The values that the Metering API is written in. Tokens are integers far beyond 2^53: a JSON number of that size
 * loses digits in an ordinary parser, so a reader hands such a number over as a bigint (see json.ts) and the schema
 * gives a bigint for every one. Money is a decimal in a string. Instants are RFC 3339 in UTC.
 */
export const instant = z.iso
  .datetime({ error: 'expected an instant in UTC such as 2026-11-23T09:30:00Z' })
  .meta({ id: 'Instant', description: 'RFC 3339, UTC, with the letter Z.' })

/** What all factories together do not serve in a million years; a reader that also computes with doubles needs an end. */
export const MOST_TOKENS = 10n ** 30n

const expected = 'expected a whole number from 0 to 10^30'

export const tokens = z
  .union([z.int().min(0, expected), z.bigint().min(0n, expected).max(MOST_TOKENS, expected)], {
    error: expected,
  })
  .transform((count) => BigInt(count))
  .meta({
    id: 'Tokens',
    description: 'A whole number of tokens, up to 10^30. It may exceed 2^53: read it without loss.',
    override: { type: 'integer', minimum: 0, maximum: Number(MOST_TOKENS) },
  })

/** How often something happened: requests, rejections, errors. */
export const count = z.int().min(0)

export const money = z
  .string()
  .max(64)
  .regex(/^-?\d+(?:\.\d+)?$/, 'expected a decimal number in a string, such as "0.90"')
  .meta({ id: 'Money', description: 'A decimal number in a string; never a binary fraction.' })

export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'expected an ISO 4217 code such as USD')
  .meta({ id: 'Currency', description: 'ISO 4217' })

/** Opaque to the reader; text from outside, shown as text. */
export const identifier = z.string().min(1).max(256)
export const name = z.string().max(256)
export const cursor = z.string().min(1).max(1024)

/** Every read says how far its data reach and whether anything is missing from them. */
export const asOf = {
  dataAsOf: instant.meta({
    description: 'Usage up to this instant is in the answer; later usage is not yet.',
  }),
  complete: z.boolean().meta({
    description: 'False where a part of the factory has not reported up to dataAsOf; `missing` names it.',
  }),
  missing: z
    .array(z.string().max(512))
    .max(100)
    .default([])
    .meta({ description: 'What has not reported, in plain words.' }),
}

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: cursor.optional(),
}
export const nextCursor = cursor.nullable().meta({ description: 'Null on the last page.' })
