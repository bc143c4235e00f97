import { say } from '../../../shared/messages/format.ts'
import { formatClock } from '../../../shared/model/time.ts'
import { useStream } from '../../transport/context.tsx'

/** Who else is attached to the same engine. */
export function Present() {
  const { item } = useStream('access.present', {})
  if (item === undefined) return null
  return (
    <section className="sign-in-present" aria-label={say('access.present')}>
      <h3>{say('access.present')}</h3>
      <ul>
        {item.consoles.map(({ id, console, own, state, name, role, since }) => (
          <li key={id}>
            <span>
              {name === null || role === null
                ? say('access.present.noOne')
                : say('access.present.person', { name, role: say(`access.role.${role}`) })}
            </span>
            <span className="secondary">
              {say(own ? 'access.present.own' : 'access.present.where', {
                console,
                time: formatClock(since),
              })}
              {state === 'locked' && ` · ${say('access.present.locked')}`}
            </span>
          </li>
        ))}
      </ul>
      {(item.more > 0 || item.walls > 0) && (
        <p className="secondary">{say('access.present.more', { more: item.more, walls: item.walls })}</p>
      )}
    </section>
  )
}
