/** The drawer of a host. */
export const host = {
  'host.waiting': 'Waiting for the figures of this host.',
  'host.power.partial': 'at least, from {known} of {of}',
  'host.power.boards': 'Boards of the host',
  'host.gone': 'This host is no longer in the topology.',
  'host.gone.next': 'Close this with Esc and choose another host.',
  'host.place': 'Host · {rack} · {floor}',
  'host.seen': '{present, plural, one {# GPU seen} other {# GPUs seen}}',
  'host.present': '{present} of {expected} GPUs present',
  'host.gpus': 'GPUs',
  'host.power': 'Board power',
  'host.power.figure': 'Board power of the host',
  'host.power.source': 'sum over its boards · {origin}',
  'host.frame': 'Waiting for the next frame.',
  'host.gpus.of': 'GPUs of {host}',
} as const
