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
  'preview.relief.unmeasured':
    'What these servers do at a smaller load is not known: their load, queue or latency is not measured.',
  'preview.relief.few':
    'Only {minutes, plural, one {# minute} other {# minutes}} without a queue are recorded of these servers, too few to learn from.',
  'preview.relief.neverSo':
    'Even with the limit, more is asked of these servers than they have been seen to do without a queue. No relief can be predicted.',
  'preview.relief.full':
    'Even with the limit, {percent, number}% of what these servers can do is asked of them: the queue would not drain.',
  'preview.relief.close': 'With the limit these servers may still be at their most: the queue may not drain.',
  'preview.relief.learnt':
    'Learnt from {minutes, plural, one {# minute} other {# minutes}} of these servers without a queue, {near} of them at about the load that is expected.',
  'preview.relief.less': 'So little load was not seen here: at least as good as at the least that was.',
  'preview.relief.fewNear': 'Few minutes had about this load, so the range is wide.',
  'preview.relief.remaining': 'Of the requests that still come in, once the queue has drained.',
} as const
