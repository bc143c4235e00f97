import { openApiDocument } from './document.ts'

/** The parts of an OpenAPI schema that the page shows. */
interface Shape {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly items?: Shape
  readonly properties?: Readonly<Record<string, Shape>>
  readonly required?: readonly string[]
  readonly anyOf?: readonly Shape[]
  readonly oneOf?: readonly Shape[]
  readonly description?: string
  readonly default?: unknown
  readonly minimum?: number
  readonly maximum?: number
}

interface Parameter {
  readonly in: string
  readonly name: string
  readonly required?: boolean
  readonly schema: Shape
  readonly description?: string
}

interface Described {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Shape }>> }
  readonly responses: Readonly<
    Record<
      string,
      {
        readonly description: string
        readonly content?: Readonly<Record<string, { readonly schema: Shape }>>
      }
    >
  >
}

interface Document {
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Shape>> }
}

/** docs/metering-api.md: every operation, parameter and field, for somebody who implements the API. */
export function referencePage(): string {
  // The generator's types allow every OpenAPI; this page reads back what document.ts has just made.
  const document = openApiDocument() as unknown as Document
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({ path, method: method.toUpperCase(), described })),
  )
  return [
    `# ${document.info.title} ${document.info.version}`,
    'Made of `shared/metering` by `npm run openapi`; the same as `assets/metering-api.openapi.yaml`, for people. The demo factory serves all of it (`npm start -- demo`), and `npm start -- conformance URL` tests another implementation.',
    document.info.description,
    ...document.tags.flatMap(({ name, description }) => [
      `## ${name}`,
      `${description}.`,
      ...operations
        .filter(({ described }) => described.tags.includes(name))
        .flatMap(({ path, method, described }) => operationText(path, method, described)),
    ]),
    '## Values',
    ...Object.entries(document.components.schemas)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, shape]) => schemaText(name, shape)),
  ]
    .join('\n\n')
    .concat('\n')
}

function operationText(path: string, method: string, of: Described): string[] {
  const body = Object.values(of.requestBody?.content ?? {})[0]?.schema
  const answers = Object.entries(of.responses).map(([status, { description, content }]) => {
    const schema = Object.values(content ?? {})[0]?.schema
    const shown =
      schema === undefined || status.startsWith('4') || status.startsWith('5') ? '' : `: ${typeText(schema)}`
    return `- \`${status}\`${shown} ${description.replaceAll('\n', ' ')}`
  })
  const parameters = of.parameters ?? []
  return [
    `### \`${method} ${path}\``,
    `${of.summary}. Operation \`${of.operationId}\`.`,
    ...(parameters.length === 0
      ? []
      : [
          table(
            ['Parameter', 'In', 'Type', ''],
            parameters.map((each) => [
              `\`${each.name}\`${each.required === true ? '' : ' (optional)'}`,
              each.in,
              typeText(each.schema),
              each.description ?? each.schema.description ?? '',
            ]),
          ),
        ]),
    ...(body === undefined ? [] : [`Body: ${typeText(body)}`]),
    answers.join('\n'),
  ]
}

function schemaText(name: string, shape: Shape): string[] {
  const heading = `### ${name}`
  const words = shape.description === undefined ? [] : [shape.description]
  const fields = fieldsOf(shape)
  if (fields.length === 0) return [heading, ...words, typeText({ ...shape, description: '' })]
  return [heading, ...words, table(['Field', 'Type', ''], fields)]
}

/** Fields of an object, and of objects inside it under their path. */
function fieldsOf(shape: Shape, prefix = ''): string[][] {
  return Object.entries(shape.properties ?? {}).flatMap(([key, field]) => {
    const optional = shape.required?.includes(key) === true ? '' : ' (optional)'
    const inner = objectIn(field)
    const suffix = field.type === 'array' ? '[].' : '.'
    return [
      [`\`${prefix}${key}\`${optional}`, typeText(field), field.description ?? ''],
      ...(inner === null ? [] : fieldsOf(inner, `${prefix}${key}${suffix}`)),
    ]
  })
}

function objectIn(shape: Shape): Shape | null {
  if (shape.properties !== undefined) return shape
  if (shape.items !== undefined) return objectIn(shape.items)
  return shape.anyOf?.map(objectIn).find((each) => each !== null) ?? null
}

function typeText(shape: Shape): string {
  if (shape.$ref !== undefined) {
    const name = shape.$ref.slice(shape.$ref.lastIndexOf('/') + 1)
    return `[${name}](#${name.toLowerCase()})`
  }
  if (shape.const !== undefined) return `\`${JSON.stringify(shape.const)}\``
  if (shape.enum !== undefined) return shape.enum.map((each) => `\`${String(each)}\``).join(', ')
  const choices = shape.anyOf ?? shape.oneOf
  if (choices !== undefined) return choices.map(typeText).join(' or ')
  if (shape.items !== undefined) return `list of ${typeText(shape.items)}`
  const type = Array.isArray(shape.type) ? shape.type.join(' or ') : String(shape.type ?? 'any JSON')
  return `${type}${rangeText(shape)}${shape.default === undefined ? '' : `, ${JSON.stringify(shape.default)} by default`}`
}

function rangeText({ minimum, maximum }: Shape): string {
  const top = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? null : maximum
  const low = minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER ? null : minimum
  if (low !== null && top !== null) return ` ${low} to ${top}`
  if (low !== null) return ` from ${low}`
  return top === null ? '' : ` up to ${top}`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
