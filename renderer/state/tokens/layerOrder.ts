/**
 * Layers in the order in which they were read before: a picture that is renewed every few seconds must not let two of
 * nearly the same size change places. Who is new lies above those, and the rest on top.
 * @param before names of the picture before, from the ground up; none for a new question
 */
export function inOrderOf<L extends { readonly name: string; readonly rest: boolean }>(
  before: readonly string[],
  layers: readonly L[],
): readonly L[] {
  const places = new Map(before.map((name, place) => [name, place]))
  const placeOf = ({ name, rest }: L): number =>
    rest ? Number.POSITIVE_INFINITY : (places.get(name) ?? before.length)
  return layers.toSorted((a, b) => {
    const [first, second] = [placeOf(a), placeOf(b)]
    return first === second ? 0 : first - second
  })
}
