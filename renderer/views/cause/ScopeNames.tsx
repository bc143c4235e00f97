import { say } from '../../../shared/messages/format.ts'
import { Name } from '../../ui/text/Name.tsx'

interface ScopeNamesProps {
  readonly scope: {
    readonly models: readonly string[]
    readonly endpoints: readonly string[]
    readonly keys: readonly string[]
  }
}

/** What a tenant is narrowed to, name by name; nothing where it is not. */
export function ScopeNames({ scope: { models, endpoints, keys } }: ScopeNamesProps) {
  const parts = [
    ...keys.map((name) => [say('cause.scope.key'), name] as const),
    ...models.map((name) => [say('cause.scope.model'), name] as const),
    ...endpoints.map((name) => [say('cause.scope.endpoint'), name] as const),
  ]
  if (parts.length === 0) return null
  return (
    <span className="cause-scope">
      {parts.map(([kind, name]) => (
        <span key={`${kind} ${name}`} className="cause-scope-name">
          <span className="secondary">{kind}</span> <Name of={name} />
        </span>
      ))}
    </span>
  )
}
