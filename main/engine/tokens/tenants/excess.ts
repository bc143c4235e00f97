/** Tokens per second beyond what was bought; null where either is not known. */
export function excessOf(tokensPerSecond: number | null, entitled: number | null): number | null {
  return tokensPerSecond === null || entitled === null ? null : Math.max(0, tokensPerSecond - entitled)
}
