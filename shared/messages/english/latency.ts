/** Latencies of the tokens view. */
export const latency = {
  'latency.beyond':
    'All quantiles of this period are above {bound}, the last bound of the histograms: how far above is not known.',
  'latency.beyond.next': 'Give the servers buckets above {bound}, or choose another latency (p).',
  'latency.none': 'No {title} was observed in this period.',
  'latency.label': '{title}, {quantile}',
  'latency.label.beyond': '{title}, {quantile}, more than',
  'latency.short.timeToFirstToken': 'TTFT',
  'latency.short.interToken': 'Inter-token',
  'latency.short.duration': 'End to end',
  'latency.hint': '{title} (p for the next). {meaning}',
  'latency.title': 'Latency',
  'latency.title.now': 'Latency, now',
  'latency.noStep': '{title} is observed now, as the tile above shows; no step of {step} is complete yet.',
  'latency.noStep.next': 'The curve appears with the first complete step.',
  'latency.none.next': 'Choose another latency (p), a longer range (1 to 4), or fewer filters (Esc).',
  'latency.little': '{title} is known for {known} of {span}: too little to draw a curve.',
  'latency.little.next':
    'The tile above has the quantiles of now; a shorter range (1 to 4) shows what is known.',
  'latency.beyond.title': 'Beyond the last bound of the histogram',
  'latency.observations': '{notes}; {count, plural, one {# observation} other {# observations}}',
  'latency.nothing': 'Nothing was observed in this period.',
} as const
