/** A text that can be the name of a parameter: one word. */
type Word<Text extends string> = Text extends `${string}${' ' | '{' | '}' | '#' | '<' | '\n'}${string}`
  ? never
  : Text extends ''
    ? never
    : Text

/** The parameter that begins behind a brace: `name}` or `name, plural, …`. */
type ParameterAt<Rest extends string> =
  | (Rest extends `${infer Simple}}${string}` ? Word<Simple> : never)
  | (Rest extends `${infer Typed},${string}` ? Word<Typed> : never)

/**
 * Names of the parameters of a message in ICU syntax, read from its text by the compiler. A branch of a plural or a choice
 * that is one word alone would be taken for a parameter, so branches hold whole phrases; the test of the catalogue says
 * where one does not.
 */
export type ParameterOf<Text extends string> = Text extends `${string}{${infer Rest}`
  ? ParameterAt<Rest> | ParameterOf<Rest>
  : never
