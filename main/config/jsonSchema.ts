import { z } from 'zod'
import { configSchema } from './schema.ts'

/** For editors: completion, hover texts and checks while floorwatch.yaml is written. JSON Schema 2020-12, as text. */
export function schemaText(): string {
  const schema = z.toJSONSchema(configSchema, { io: 'input' })
  return `${JSON.stringify(schema, null, 2)}\n`
}
