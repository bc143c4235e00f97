/** A hostile source in a process of its own: `SHAPE` is its only argument. Messages in: `hostile`, `count`; out: numbers. */
import { startHostile } from './server.ts'
import { SHAPES } from './shapes.ts'

const shape = SHAPES.find(({ id }) => id === process.argv[2])
if (!shape) throw new Error(`There is no hostile shape ${String(process.argv[2])}.`)
const server = await startHostile(shape)
process.on('message', (message) => {
  if (message === 'hostile') server.hostile = true
  else process.send?.(server.answers())
})
process.on('disconnect', () => process.exit(0))
process.send?.(server.port)
