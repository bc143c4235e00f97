import { say } from '../../../shared/messages/format.ts'
import { visibleName } from '../../../shared/model/foreignText.ts'
import { openThrottleSheet, useThrottleSheet } from '../../state/throttles/sheet.ts'
import { useActions } from '../../ui/keys/actions.ts'

/** `t` opens the sheet about whoever the open view is about: a tenant's page, a chosen row, the cause of a burn. */
export function useThrottleActions(): void {
  const subject = useThrottleSheet((state) => state.subject)
  useActions(
    subject === null
      ? []
      : [
          {
            id: 'throttle.open',
            title: say('throttles.action.open', { name: visibleName(subject.name || subject.tenant) }),
            group: say('throttles.group'),
            keys: 't',
            run: () => openThrottleSheet(subject),
          },
        ],
  )
}
