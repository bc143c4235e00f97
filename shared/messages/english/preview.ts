/** What a limit would have done, and what is expected of it. */
export const preview = {
  'preview.replay.minutes':
    'Replayed from whole minutes, because single requests are not known: the range comes from how requests may lie within a minute, and which of them are large.',
  'preview.replay.requests': 'Replayed request by request.',
  'preview.replay.nothing':
    'Nothing is known of the {minutes, plural, one {last minute} other {last # minutes}} in this scope, so nothing can be replayed.',
  'preview.replay.unmeasured':
    '{unmeasured} of {minutes, plural, one {# minute} other {# minutes}} were not measured and are in no figure.',
  'preview.replay.bucket':
    'Assumes that gateways let through what fits into one minute’s budget and reject the rest; a request counts whole.',
  'preview.replay.retries':
    'Each rejected request counts once. Clients that try again are rejected again, so gateways may report more rejections.',
  'preview.replay.concurrency':
    'A limit of concurrent requests cannot be replayed: how long requests last is not known.',
  'preview.replay.noLimit': 'Neither tokens nor requests are limited, so nothing would have been rejected.',
} as const
