import { useStatus } from '../../state/status.ts'

const CONSOLE =
  'Look at the terminal where Floorwatch runs, press Enter there for a new address, and open it in this browser.'
const WALL =
  'On the machine where Floorwatch runs, “floorwatch wall list” tells which wall addresses are admitted and ' +
  '“floorwatch wall add” makes a new one; open it on this display.'

/** What to do where the engine refuses this screen: nothing that the screen could do by itself. */
export function GetAdmitted() {
  const role = useStatus(({ status }) => status?.role ?? null)
  // In the shell the reason names the step: there is no address bar to open anything in.
  if (window.floorwatchShell !== undefined) return null
  if (role === 'wall') return <span>{WALL}</span>
  if (role === 'console') return <span>{CONSOLE}</span>
  return (
    <span>
      For a console: {CONSOLE} For a wall: {WALL}
    </span>
  )
}
