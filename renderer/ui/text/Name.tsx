import { visibleName } from '../../../shared/model/foreignText.ts'
import './name.css'

type NameProps = {
  readonly className?: string
  /** More than the name itself, where there is more to say. */
  readonly title?: string
} & (
  | { /** As it came from outside. */ readonly of: string }
  /** Made visible already: composed of several names. */
  | { readonly shown: string }
)

/** Names shorter than this are cut at their end, where they are cut at all. */
const LONG = 24
/** Pods and hosts differ at their ends: these last signs of a long name stay. */
const TAIL = 8

/**
 * A name on one line, whatever it holds: what cannot be seen is marked, what does not fit is left out in its middle and
 * stands in the tooltip, and it turns nothing round that stands beside it.
 */
export function Name({ className = '', title, ...name }: NameProps) {
  const shown = 'of' in name ? visibleName(name.of) : name.shown
  const signs = shown.length < LONG ? null : Array.from(shown)
  return (
    <bdi className={`name ${className}`} title={title ?? shown}>
      {signs === null ? (
        <span className="name-head">{shown}</span>
      ) : (
        <>
          <span className="name-head">{signs.slice(0, -TAIL).join('')}</span>
          <span className="name-tail">{signs.slice(-TAIL).join('')}</span>
        </>
      )}
    </bdi>
  )
}
