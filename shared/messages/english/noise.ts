/** The noisy score. */
export const noise = {
  'noise.part': '{value}, weight {weight}',
  'noise.part.adds': '{value}, weight {weight}: adds {adds}',
  'noise.spoken': '{part} {adds}',
  'noise.score.unknown': 'No noisy score: too little is known about this tenant.',
  'noise.score': 'Noisy score {score}: the sum of part × weight. {note}',
  'noise.unknown': 'not known',
  'noise.sharedWeights': 'The weight of what is not known is shared among the rest.',
  'noise.noParts': 'no parts known',
  'noise.legend': 'Noisy:',
  'noise.legend.part': '{part}: {meaning} Weight {weight}.',
} as const
