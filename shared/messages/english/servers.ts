/** The inference servers of the tokens view. */
export const servers = {
  'servers.unheard':
    'No inference server has been seen: none is configured, none reports through Prometheus, or they are being asked for the first time.',
  'servers.filtered': 'No inference server matches the filters.',
  'servers.count': '{count, plural, one {# inference server} other {# inference servers}}',
  'servers.notReported': 'No inference server reports it.',
  'servers.title': 'Inference servers',
  'servers.title.now': 'Inference servers, now',
  'servers.cache': 'cache',
  'servers.kv.mean': 'KV cache in use, mean',
  'servers.kv.most': 'KV cache in use, fullest server',
  'servers.doubtful.label': 'Servers whose queues contradict their counters',
  'servers.silent.label': 'Servers that do not answer',
  'servers.running.label': 'Running requests',
  'servers.running': 'running',
  'servers.waiting.label': 'Waiting requests',
  'servers.waiting': 'waiting',
  'servers.note': 'KV {cache} {mean} max {most} · {n, plural, one {{count} server} other {{count} servers}}',
  'servers.note.doubtful': 'KV {mean} max {most} · {doubtful} doubtful',
  'servers.note.silent': 'KV {mean} max {most} · {silent} silent of {count}',
  'servers.note.both': 'KV {mean} max {most} · {doubtful} doubtful, {silent} silent of {count}',
} as const
