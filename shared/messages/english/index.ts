import { access } from './access.ts'
import { general } from './general.ts'
import { preview } from './preview.ts'
import { setup } from './setup.ts'
import { throttles } from './throttles.ts'
import { walls } from './walls.ts'

/** Every text of Floorwatch in British English, by subject. Another language is a catalogue of the same ids. */
export const english = {
  ...access,
  ...general,
  ...preview,
  ...setup,
  ...throttles,
  ...walls,
} as const
