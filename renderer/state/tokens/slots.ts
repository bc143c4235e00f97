/** Colours for names. More than six areas are not distinguished on a wall; whoever is smaller is one of the others. */
export const SLOTS = 6

export type Slots = ReadonlyMap<string, number>

/**
 * A slot for every name that is shown, the same one for as long as the screen remembers it. Its hash is asked first, so
 * that two screens, and the same screen tomorrow, mostly agree; a name that finds it taken takes the next free one.
 * @param shown at most {@link SLOTS} names, most important first; further ones get no slot
 */
export function assignSlots(before: Slots, shown: readonly string[]): Slots {
  const wanted = shown.slice(0, SLOTS)
  const slots = new Map<string, number>()
  const taken = new Set<number>()
  // Whoever is shown again keeps its colour before anybody new chooses.
  for (const name of wanted) {
    const kept = before.get(name)
    if (kept === undefined || taken.has(kept)) continue
    slots.set(name, kept)
    taken.add(kept)
  }
  for (const name of wanted) {
    if (slots.has(name)) continue
    let slot = hash(name) % SLOTS
    while (taken.has(slot)) slot = (slot + 1) % SLOTS
    slots.set(name, slot)
    taken.add(slot)
  }
  // Who is not shown any more is remembered for when it comes back, within reason.
  const gone = [...before].filter(([name]) => !slots.has(name)).slice(-MOST_REMEMBERED)
  return new Map([...gone, ...slots])
}

const MOST_REMEMBERED = 200

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return value >>> 0
}
