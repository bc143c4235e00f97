import { useEffect, useState } from 'react'
import { keepSparks, sparksToAsk, useSparks } from '../../state/tenants/sparks.ts'
import { useStream } from '../../transport/context.tsx'

/** Shapes are not read while scrolling. */
const SETTLED_MS = 250

/** Keeps the shapes of the tenants in sight coming; those of none where the screen may not have them. */
export function useAskedSparks(inSight: readonly string[], mayHave: boolean): void {
  const [asked, setAsked] = useState<readonly string[]>([])
  useEffect(() => {
    const timer = setTimeout(() => setAsked((before) => sparksToAsk(before, inSight)), SETTLED_MS)
    return () => clearTimeout(timer)
  }, [inSight])
  const { item } = useStream('tokens.sparks', asked.length === 0 || !mayHave ? null : { tenants: [...asked] })
  useEffect(() => {
    if (item === undefined) return
    useSparks.setState(({ byId }) => ({ byId: keepSparks(byId, asked, item.values) }))
    // An item always answers what is asked now: it is dropped by the stream when the question changes.
  }, [item, asked])
}
