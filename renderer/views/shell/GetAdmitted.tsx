import { message } from '../../../shared/messages/message.ts'
import { say } from '../../../shared/messages/format.ts'
import { useStatus } from '../../state/status.ts'

/** What to do where the engine refuses this screen: nothing that the screen could do by itself. */
export function GetAdmitted() {
  const role = useStatus(({ status }) => status?.role ?? null)
  // In the shell the reason names the step: there is no address bar to open anything in.
  if (window.floorwatchShell !== undefined) return null
  if (role === 'wall') return <span>{say('shell.admission.wall')}</span>
  if (role === 'console') return <span>{say('shell.admission.console')}</span>
  return (
    <span>
      {say('shell.admission.either', {
        console: message('shell.admission.console'),
        wall: message('shell.admission.wall'),
      })}
    </span>
  )
}
