import { say } from '../../../shared/messages/format.ts'
import { Dialog } from '../dialog/Dialog.tsx'
import { type Action, useRegistry } from './actions.ts'
import './keys.css'

/** Every key that works right now, by group. */
export function KeyMap({ onClose }: { onClose: () => void }) {
  const actions = useRegistry((registry) => registry.actions)
  const groups = Map.groupBy(
    actions.filter((action) => action.keys !== undefined),
    (action) => action.group,
  )
  return (
    <Dialog title={say('keys.title')} onClose={onClose} wide>
      <div className="key-map">
        {[...groups].map(([group, entries]) => (
          <section key={group} className="key-map-group">
            <h3 className="key-map-title">{group}</h3>
            <dl>
              {[...new Map(entries.map((entry) => [entry.id, entry])).values()].map((entry) => (
                <KeyRow key={entry.id} action={entry} />
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}

function KeyRow({ action }: { action: Action }) {
  return (
    <div className="key-map-row">
      <dt>{action.title}</dt>
      <dd>
        <Keys of={action.keys ?? ''} />
      </dd>
    </div>
  )
}

const MAC = /mac/i.test(navigator.platform)
const NAMES: Record<string, string> = {
  $mod: MAC ? '\u2318' : say('keys.ctrl'),
  Escape: say('keys.esc'),
  ArrowUp: '\u2191',
  ArrowDown: '\u2193',
  ArrowLeft: '\u2190',
  ArrowRight: '\u2192',
  PageUp: say('keys.pageUp'),
  PageDown: say('keys.pageDown'),
}

/** A key sequence as keys: `g h` as two, `$mod+k` as a chord. */
export function Keys({ of }: { of: string }) {
  const presses = of.split(' ').map((press) =>
    press
      .replace(/^\[Shift\]\+/, '')
      // A plus between two keys; the key + itself stands alone.
      .split(/(?<=.)\+(?=.)/)
      .map((key) => NAMES[key] ?? (key.length === 1 && press.includes('+') ? key.toUpperCase() : key)),
  )
  return (
    <span className="keys">
      {presses.map((chord) => (
        <kbd key={chord.join('+')}>{chord.join(' ')}</kbd>
      ))}
    </span>
  )
}
