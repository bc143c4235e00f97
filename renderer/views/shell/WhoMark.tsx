import { say, textOf } from '../../../shared/messages/format.ts'
import { openSignIn, useMe } from '../../state/access/me.ts'
import { Glyph } from '../../ui/glyph/Glyph.tsx'
import { useExplanation } from '../../ui/tooltip/registry.ts'

/** Who acts at this console, in the status bar; pressed, it opens the sheet to sign in, lock and sign out. */
export function WhoMark() {
  const me = useMe((state) => state.me)
  const explain = useExplanation(me === null ? null : () => explanation(me))
  if (me === null) return null
  const acts = me.state === 'signedIn' || me.state === 'standing'
  return (
    <button
      ref={explain}
      type="button"
      className="status-who"
      data-acts={acts ? '' : undefined}
      aria-keyshortcuts="g u"
      onClick={openSignIn}
    >
      {!acts && <Glyph name="unknown" />}
      {acts && me.person !== null ? (
        <>
          <span className="status-who-name">{me.person.name}</span>
          <span className="secondary status-word">{say(`access.role.${me.person.role}`)}</span>
        </>
      ) : me.state === 'locked' ? (
        say('access.mark.locked')
      ) : (
        say('access.mark.signIn')
      )}
    </button>
  )
}

function explanation({
  why,
  nextStep,
  person,
  console: at,
}: NonNullable<ReturnType<typeof useMe.getState>['me']>): string {
  if (why !== null) return `${textOf(why)} ${nextStep === null ? '' : textOf(nextStep)}`.trim()
  return person === null ? '' : say('access.mark.who', { name: person.name, console: at })
}
