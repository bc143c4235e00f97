/**
 * Whether one list of a scope reaches a name. An empty list does not narrow; whoever leaves the name out is of all names.
 */
export function covers(names: readonly string[], name: string | undefined): boolean {
  return names.length === 0 || name === undefined || names.includes(name)
}
