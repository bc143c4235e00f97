import { z } from 'zod'
import { messageSchema } from '../../shared/messages/schema.ts'

/** A leaf of a sample: where it lies in the item, and the value that was put there. */
export type Fill = (path: string, kind: 'text' | 'number') => unknown

/**
 * A value of the shape of a schema, with one element in every list and every optional part present. Texts and numbers
 * come from `fill` and need not pass their own checks.
 * @throws Error for a kind of schema that this does not know: then it must be taught
 */
export function sampleOf(schema: z.ZodType, fill: Fill, path = ''): unknown {
  if (schema === messageSchema)
    return { id: 'general.said', values: { text: fill(`${path}.values.text`, 'text') } }
  if (schema instanceof z.ZodObject) {
    const entries = Object.entries<z.ZodType>(schema.shape)
    return Object.fromEntries(
      entries.map(([key, part]) => [key, sampleOf(part, fill, path === '' ? key : `${path}.${key}`)]),
    )
  }
  if (schema instanceof z.ZodArray) return [sampleOf(schema.element as z.ZodType, fill, `${path}[]`)]
  if (schema instanceof z.ZodRecord) {
    const { keyType, valueType } = schema
    const keys = keyType instanceof z.ZodEnum ? keyType.options.map(String) : ['key']
    return Object.fromEntries(
      keys.map((key) => [key, sampleOf(valueType as z.ZodType, fill, `${path}.${key}`)]),
    )
  }
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return sampleOf(schema.unwrap() as z.ZodType, fill, path)
  }
  // One of them stands for all.
  if (schema instanceof z.ZodUnion) return sampleOf(schema.options.at(-1) as z.ZodType, fill, path)
  if (schema instanceof z.ZodEnum) return schema.options.at(-1)
  if (schema instanceof z.ZodLiteral) return schema.value
  if (schema instanceof z.ZodBoolean) return true
  if (schema instanceof z.ZodString || schema instanceof z.ZodStringFormat) return fill(path, 'text')
  if (schema instanceof z.ZodNumber) return fill(path, 'number')
  throw new Error(`${path}: no sample is known for ${schema.def.type}`)
}

/** Every leaf of a value by its path, lists by their elements. */
export function leavesOf(value: unknown, path = ''): [path: string, leaf: unknown][] {
  if (Array.isArray(value)) return value.flatMap((element) => leavesOf(element, `${path}[]`))
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, part]) =>
      leavesOf(part, path === '' ? key : `${path}.${key}`),
    )
  }
  return [[path, value]]
}
