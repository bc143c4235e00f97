/** The abnormal list: what is wrong, by how much, and the next step. */
export const finding = {
  'finding.where.floor': 'Whole floor',

  'finding.missing': '{gpus, plural, =1 {GPU is missing} other {# GPUs are missing}}',
  'finding.missing.all': 'All {gpus, number} GPUs are missing',
  'finding.missing.gone': 'no longer in the answers of its source',
  'finding.missing.never': 'never seen since this console started',
  'finding.missing.never.silent':
    'never seen since this console started; {silent, plural, one {# exporter of an unknown machine} other {# exporters of unknown machines}} did not answer then',
  'finding.missing.next':
    'Look for XID 79 in the kernel log of the host; drain it, and power-cycle it if the board is off the bus.',
  'finding.missing.all.next':
    'Check that the host is up and its exporter is a target; then look at the sources.',
  'finding.missing.hidden':
    '{gpus, plural, =1 {GPU is} other {# GPUs are}} no longer reported since a pod holds one by a resource claim',
  'finding.missing.hidden.by': 'dcgm-exporter may leave out idle GPUs then (#569)',
  'finding.missing.hidden.next':
    'Compare with nvidia-smi on the host; if nothing is missing there, update dcgm-exporter.',
  'finding.missing.slot': 'Slot {slot} is empty',
  'finding.missing.slot.by': 'its host answers for GPUs {slots}',
  'finding.missing.slot.next':
    'Look for the board with nvidia-smi and lspci on the host; an exporter leaves out a GPU that was off the bus when it started.',

  'finding.unexpected': '{gpus, plural, =1 {GPU is} other {# GPUs are}} not in the inventory',
  'finding.unexpected.next':
    'Add what belongs here to the inventory in floorwatch.yaml; find out why the rest is here.',

  'finding.stale': 'No answer for {silence}; {gpus, plural, one {# GPU} other {# GPUs}} shown stale',
  'finding.stale.trouble':
    'No answer for {silence} ({trouble}); {gpus, plural, one {# GPU} other {# GPUs}} shown stale',
  'finding.stale.never':
    'No answer since this console started; {gpus, plural, one {# GPU} other {# GPUs}} not seen',
  'finding.stale.by': '{gpus, number} of {all, plural, one {# GPU} other {# GPUs}} on the host',
  'finding.stale.next': 'Look at the sources for the error; check that host and exporter are up.',

  'finding.frozen':
    'Frozen exporter: it answers, but no figure has changed for {silence}; {gpus, plural, one {# GPU} other {# GPUs}} shown stale',
  'finding.frozen.next': 'Restart dcgm-exporter (and nv-hostengine where it runs separately) on this host.',

  'finding.implausible': 'Implausible figures refused{gpus, plural, =1 {} other { on # GPUs}}',
  'finding.implausible.figure': '{figure} {value}',
  'finding.implausible.next':
    'Compare with nvidia-smi on the host; restarting the exporter usually clears it.',

  'finding.profiling': 'Profiling reads 0 on a working board{gpus, plural, =1 {} other {, on # GPUs}}',
  'finding.profiling.by': '{figure} {value} at {against}',
  'finding.profiling.utilisation': '{value} GPU utilisation',
  'finding.profiling.next':
    'Run dcgmi dmon -e 1001 on the host: if it shows activity, restart dcgm-exporter, otherwise the DCGM host engine.',

  'finding.xid': 'XID {code} · {name}{gpus, plural, =1 {} other { on # GPUs}}',
  'finding.xid.by': '{count, number} in the window that its exporter counts',

  'finding.thermal': 'Thermal throttling{gpus, plural, =1 {} other { on # GPUs}}',
  'finding.slowdown': 'Hardware throttling{gpus, plural, =1 {} other { on # GPUs}}',
  'finding.slowdown.next': 'Check the power supplies and power brake of the host, then its cooling.',
  'finding.cooling.next': 'Check inlet temperature, fans or coolant of the host and its neighbours.',

  'finding.ecc': 'Double-bit ECC errors{gpus, plural, =1 {} other { on # GPUs}}',
  'finding.ecc.by': '{errors, number} since the last reset',
  'finding.ecc.next': 'Drain the host and reset the GPU; check row remapping.',
  'finding.remapFailed': 'Row remapping failed{gpus, plural, =1 {} other { on # GPUs}}',
  'finding.remapFailed.next': 'Drain the host and open a service case for the board.',

  'finding.limit.above': '{figure} above its limit{gpus, plural, =1 {} other { on # GPUs}}',
  'finding.limit.below': '{figure} below its limit{gpus, plural, =1 {} other { on # GPUs}}',
  'finding.limit.figure': 'A figure',
  'finding.limit.by': '{value}, limit {limit}',
  'finding.limit.next': 'Compare with its neighbours; the limit is set in floorwatch.yaml under thresholds.',

  'finding.identityChanged':
    '{gpus, plural, =1 {Another board in this slot} other {Other boards in # slots}}',
  'finding.identityChanged.by': 'UUID {uuid}',
  'finding.identityChanged.by.past': 'UUID {uuid}, before {past}',
  'finding.identityChanged.next':
    'Expected after a board was replaced; otherwise check whether two hosts share a name.',
  'finding.typeMismatch': 'Not the GPU type in the inventory{gpus, plural, =1 {} other {, on # GPUs}}',
  'finding.typeMismatch.by': '{type}, listed {listed}',
  'finding.typeMismatch.next': 'Correct the inventory, or find out which board was installed.',

  'finding.busyButIdle':
    'Busy by GPU utilisation, yet almost no power{gpus, plural, =1 {} other { on # GPUs}}',
  'finding.busyButIdle.by': '{power} at {utilisation}',
  'finding.busyButIdle.next': 'Probably a communication deadlock: look at the job and its NCCL log.',

  'finding.full': 'The sources name more than {most, number} GPUs and instances; the rest is not shown',
  'finding.full.next':
    'Look for an exporter that invents hosts or UUIDs, or narrow prometheus.selector in floorwatch.yaml.',

  'finding.source.prometheus': '{sources, plural, one {# Prometheus} other {# Prometheus servers}}: {says}',
  'finding.source.exporter': '{sources, plural, one {# exporter} other {# exporters}}: {says}',
  'finding.source.discovery': '{sources, plural, one {# discovery} other {# discoveries}}: {says}',
  'finding.source.metering': '{sources, plural, one {# metering source} other {# metering sources}}: {says}',
  'finding.source.inference':
    '{sources, plural, one {# inference server} other {# inference servers}}: {says}',
  'finding.source.store': '{sources, plural, one {# store} other {# stores}}: {says}',
  'finding.source.one': '{name}: {says}',
  'finding.source.says.empty': 'answers without any data',
  'finding.source.says.old': 'answers with old samples',
  'finding.source.says.neverAnswered': 'no answer yet',
  'finding.source.says.silent': 'no longer answers',
  'finding.source.says.none': 'no answer from any of them',
  'finding.source.next': 'Check its address and that it is running; it is retried automatically.',
  'finding.source.none.next':
    'Check the network between this console and the floor, then the power of the site. Whether its GPUs work is not known.',
} as const
