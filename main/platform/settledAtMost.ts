/** As `Promise.allSettled`, with at most so many under way. */
export async function settledAtMost<T, R>(
  most: number,
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<PromiseSettledResult<R>[]> {
  const results: PromiseSettledResult<R>[] = []
  const left = items.entries()
  const worker = async (): Promise<void> => {
    for (const [i, item] of left) {
      const [settled] = await Promise.allSettled([work(item)])
      results[i] = settled
    }
  }
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker))
  return results
}
