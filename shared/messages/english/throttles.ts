/** Throttles: preview, commit, proof, and living with them. */
export const throttles = {
  'throttles.failure.invalid': 'The metering refused the throttle as requested; nothing was changed. {said}',
  'throttles.failure.invalid.next': 'Correct what it names, then preview again.',
  'throttles.failure.unauthorised':
    'The metering no longer accepts the token of this console; nothing was changed. {said}',
  'throttles.failure.unauthorised.next':
    'Renew the token under metering: in floorwatch.yaml. Until then limits can only be changed elsewhere.',
  'throttles.failure.forbidden': 'The token of this console may not do this; nothing was changed. {said}',
  'throttles.failure.forbidden.next': 'Ask for a token that may set throttles, or have someone else do it.',
  'throttles.failure.notFound': 'The metering knows no such tenant or throttle; nothing was changed. {said}',
  'throttles.failure.notFound.next': 'Read the tenants again: it may have been closed or renamed.',
  'throttles.failure.keyReused':
    'The metering has seen the key of this request with another one; nothing was changed. {said}',
  'throttles.failure.keyReused.next': 'Preview again: the next attempt has a key of its own.',
  'throttles.failure.stale':
    'The limits changed between the preview and the commit; nothing was changed. {said}',
  'throttles.failure.stale.next': 'Preview again and look at what is different.',
  'throttles.failure.aboveBase':
    'The metering refused it because a throttle only lowers limits; nothing was changed. {said}',
  'throttles.failure.aboveBase.next': 'Choose a limit below the current one.',
  'throttles.failure.preconditionMissing':
    'The metering did not find a required condition in the request; nothing was changed. {said}',
  'throttles.failure.preconditionMissing.next':
    'A proxy in between may remove headers (Idempotency-Key, If-Match). Look there.',
  'throttles.failure.rateLimited': 'The metering is asked too often; nothing was changed. {said}',
  'throttles.failure.rateLimited.next': 'Wait as long as it says, then preview again.',
  'throttles.failure.unavailable': 'The metering is not available. {said}',
  'throttles.failure.unavailable.next': 'Wait until it answers again, then preview again.',
  'throttles.failure.heldBack': 'Nothing was sent: {said}',
  'throttles.failure.heldBack.next': 'Wait until then, and preview again.',
  'throttles.failure.unreachable': 'The metering could not be reached, so nothing was sent. {said}',
  'throttles.failure.unreachable.next':
    'See the source in the Sources view. Limits can be changed at the gateway itself meanwhile.',
  'throttles.failure.noAnswer': 'No answer came, so the metering may or may not have done it. {said}',
  'throttles.failure.noAnswer.next': 'Its state is read again automatically. Do not send it a second time.',
  'throttles.failure.failedInside':
    'The metering failed while processing it, so it may or may not have done it. {said}',
  'throttles.failure.failedInside.next':
    'Its state is read again automatically. Do not send it a second time.',
  'throttles.failure.unreadable':
    'The answer could not be read, so the metering may or may not have done it. {said}',
  'throttles.failure.unreadable.next': 'Its state is read again automatically. Do not send it a second time.',
} as const
