/**
 * What a token of a prompt costs a server, against one of an answer. Prompts are read many tokens at once and answers
 * written one by one, so requests and plain tokens both mislead. Measured on common models it lies between 1/30 and 1/5;
 * who is proposed hardly depends on it (docs/cause.md).
 */
export const PROMPT_WEIGHT = 0.12

/** Work of tokens, in tokens of answers. NaN stays NaN. */
export function workOf(input: number, output: number): number {
  return PROMPT_WEIGHT * input + output
}
