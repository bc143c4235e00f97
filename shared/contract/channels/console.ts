import { z } from 'zod'
import { feedSchema, sourceHealthSchema } from '../../model/source.ts'
import { consoleStatusSchema, probeSchema, setupDraftSchema, verdictSchema } from '../console.ts'
import { command, stream } from '../define.ts'
import * as forWalls from '../forWalls.ts'
import { nothing } from './questions.ts'

export const consoleStreams = {
  'console.status': stream({
    params: nothing,
    item: consoleStatusSchema,
    walls: { narrow: forWalls.status },
  }),
  'sources.health': stream({
    params: nothing,
    walls: { narrow: forWalls.sources },
    item: z.object({ at: z.number(), feed: feedSchema, sources: z.array(sourceHealthSchema) }),
  }),
}

export const consoleCommands = {
  /** Applies the edited configuration file that `console.status` offers under this digest. */
  'config.apply': command({
    access: 'act',
    walls: 'refused',
    input: z.strictObject({ digest: z.string().max(2000) }),
    output: nothing,
  }),
  // All three are refused while a site is configured and the setup is not unlocked. A secret that is named goes to the
  // address named only when whoever runs the engine has allowed it.
  /** Tests one address before it is saved. */
  'setup.test': command({ access: 'act', walls: 'refused', input: probeSchema, output: verdictSchema }),
  /** Writes floorwatch.yaml and connects to it; never overwrites an existing file. */
  'setup.save': command({
    access: 'act',
    walls: 'refused',
    input: setupDraftSchema,
    output: z.object({ path: z.string() }),
  }),
  /** Starts the demo factory and connects to it. */
  'setup.demo': command({ access: 'act', walls: 'refused', input: nothing, output: nothing }),
}
