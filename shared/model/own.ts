/**
 * What a record holds under a name from outside. Names such as "constructor" and "__proto__" would otherwise lead to
 * what every object has.
 */
export function ownOf<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}
