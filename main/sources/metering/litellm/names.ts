/** Names from outside are bounded: a longer one is cut, not a reason to refuse a day of usage. */
export const MOST_NAME = 256

export function cutName(name: string): string {
  return name.slice(0, MOST_NAME)
}

/** '' for what is no name: Python's None becomes the text None on its way into a label or a column. */
export function named(text: string | undefined): string {
  return text === undefined || text === 'None' ? '' : text
}

/** Whether a text is a key itself and not its public hash. A proxy that hashes nothing writes keys where hashes belong. */
export function isSecretKey(text: string): boolean {
  return /^\s*(?:bearer\s+)?sk-/i.test(text)
}

/** The public name of a key; '' for one that is the key itself, which is not taken over. */
export function publicKey(text: string): string {
  return isSecretKey(text) ? '' : cutName(text)
}
