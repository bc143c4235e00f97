/** In the place of what has not come from the engine yet. */
export const waiting = {
  'waiting.lost': 'Lost connection to the engine before any of this was loaded: nothing is known here.',
  'waiting.lost.next':
    'It loads once this screen is connected again; the notice above shows the next attempt.',
  'waiting.refresh': 'It comes with the next refresh of the engine.',
  'waiting.metering':
    'They come within a few seconds; source health (g h) shows whether the metering answers, and if not, why.',
} as const
