/** Sources that answer and are not believed in everything: what speaks against them, by what figures, and the next step. */
export const doubt = {
  'doubt.quarantine.hosts':
    'In quarantine: more hosts than {whole} may name; known ones go on, no new ones are learnt',
  'doubt.quarantine.gpus':
    'In quarantine: more GPUs than {whole} may name; known ones go on, no new ones are learnt',
  'doubt.quarantine.instances':
    'In quarantine: more MIG instances than {whole} may name; known ones go on, no new ones are learnt',
  'doubt.quarantine.pods':
    'In quarantine: more changes of pods than {whole} may name; known ones go on, no new ones are learnt',
  'doubt.quarantine.models':
    'In quarantine: more GPU models than {whole} may name; known ones go on, no new ones are learnt',
  'doubt.quarantine.whole.machine': 'one exporter',
  'doubt.quarantine.whole.floor': 'one Prometheus',
  'doubt.quarantine.new.hosts': '{brought, plural, one {# new host} other {# new hosts}}',
  'doubt.quarantine.new.gpus': '{brought, plural, one {# new GPU} other {# new GPUs}}',
  'doubt.quarantine.new.instances': '{brought, plural, one {# new MIG instance} other {# new MIG instances}}',
  'doubt.quarantine.new.pods': '{brought, plural, one {# new change of pods} other {# new changes of pods}}',
  'doubt.quarantine.new.models': '{brought, plural, one {# new GPU model} other {# new GPU models}}',
  'doubt.quarantine.atLeast': 'at least {names}',
  'doubt.quarantine.by.inAll': '{names} beyond {limit, number} in all',
  'doubt.quarantine.by.once': '{names} in one answer, at most {limit, number} at once',
  'doubt.quarantine.next.machine':
    'Check what answers at this address: a load balancer in front of many exporters, or an exporter whose names change. List every exporter by itself. A name that stays the same for two minutes is believed.',
  'doubt.quarantine.next.floor':
    'Find the job that makes up names (count by instance) and leave it out with prometheus.selector. A name that stays the same for two minutes is believed.',

  'doubt.boardsOfHost': '{host} claims more GPUs than any machine holds; the rest is not shown',
  'doubt.boardsOfHost.by': '{gpus, plural, one {# GPU} other {# GPUs}} beyond {most, number}',
  'doubt.boardsOfHost.next':
    'Check whether several machines share this Hostname (set NODE_NAME for every exporter), and why their series have no gpu label from 0 to 1023.',
  'doubt.instancesOfBoard': '{gpu} claims more MIG instances than any board has; the rest is not shown',
  'doubt.instancesOfBoard.by':
    '{instances, plural, one {# instance} other {# instances}} beyond {most, number}',
  'doubt.instancesOfBoard.next':
    'Compare GPU_I_ID with nvidia-smi mig -lgi on the host; restart its exporter.',
  'doubt.floorFull': 'The floor is full; what this source names beyond that is not shown',
  'doubt.floorFull.by': '{gpus, plural, one {# GPU} other {# GPUs}} beyond {most, number} GPUs and instances',
  'doubt.floorFull.next':
    'Check whether a source makes names up; watch a part of the floor with prometheus.selector.',

  'doubt.wrongName': '{label} does not name a machine; it is shown by its address',
  'doubt.wrongName.by': '{label}, shown as {shown}',
  'doubt.wrongName.next':
    'Set NODE_NAME for dcgm-exporter (4.8.3 does so itself), or name a better label under identity.host.',
  'doubt.sharedName': 'Two machines have one name; the second is shown by its address',
  'doubt.sharedName.by': '{name}, shown as {shown}',
  'doubt.namesakes': 'Several machines have one name; a label of the source distinguishes them',
  'doubt.namesakes.by': '{name}, one of them shown as {shown}',
  'doubt.sharedName.next':
    'Give every machine its own name, or name the label that distinguishes them under identity.host.',
  'doubt.oneSlot': 'Two boards claim one slot in one answer; only one of them is shown',
  'doubt.oneSlot.by': '{slot} and {hosts, plural, one {# more host} other {# more hosts}}',
  'doubt.oneSlot.next':
    'Two machines have one name: keep a label that distinguishes them (instance, cluster) on the way through collectors and relabelling.',
  'doubt.contested': 'Two sources answer for the same GPUs; the figures of the first are shown',
  'doubt.contested.by': '{gpus, plural, one {# GPU} other {# GPUs}}, kept by {source}',
  'doubt.contested.next':
    'Scrape each exporter once: look for a second job, or a second exporter on the host.',

  'doubt.unnamed':
    'GPUs with neither a UUID nor a number on their exporter cannot be read through Prometheus; they are not on the floor',
  'doubt.unnamed.by': '{gpus, plural, one {# GPU} other {# GPUs}}',
  'doubt.unnamed.next':
    'Check which relabelling drops UUID, gpu or instance, or list the exporters so that they are read directly.',
  'doubt.partial': 'Prometheus answers for only a part of the floor; nothing is taken to be gone',
  'doubt.partial.next':
    'Check the stores and the query limits of the back end; sums on this floor are incomplete.',
  'doubt.unanswered':
    'Prometheus leaves {questions, plural, one {# question} other {# questions}} about the floor unanswered or partly answered; those figures age',
  'doubt.unanswered.next': 'Check the limits of the back end and its log; all other figures go on.',
  'doubt.unreached':
    'Prometheus does not reach {unreached, number} of {all, plural, one {# exporter} other {# exporters}}',
  'doubt.unreached.next':
    'Check that the exporters are up, and what Prometheus says of them under Status, Targets.',
  'doubt.noGpus':
    '{exporters, plural, one {# exporter} other {# exporters}} that Prometheus reaches without any GPU',
  'doubt.noGpus.next':
    'Check that nvidia-smi lists GPUs there; narrow prometheus.selector where it is no exporter.',
  'doubt.targets': 'In quarantine: more exporters than a floor has; known ones go on, no new ones are learnt',
  'doubt.targets.by':
    '{refused, plural, one {# new exporter} other {# new exporters}}, at most {most, number} in all',
  'doubt.targets.next': 'Find the job that makes up instances and leave it out with prometheus.selector.',
  'doubt.inTurn':
    'One address answers for several machines in turn; their figures are old most of the time, and more machines may stand behind it',
  'doubt.inTurn.by': '{instance}, at least {machines, plural, one {# machine} other {# machines}}',
  'doubt.inTurn.by.more':
    '{instance}, at least {machines, plural, one {# machine} other {# machines}}; {more, plural, one {# other address} other {# other addresses}}',
  'doubt.inTurn.next':
    'This is the address of a service or a load balancer: list every exporter by itself (the endpoints of the service, a headless service, a ServiceMonitor).',

  'doubt.malformed':
    '{lines, plural, one {# malformed line in the answer was} other {# malformed lines in the answer were}} left out',
  'doubt.malformed.next':
    'Take the metric out of the exporter’s list of fields: Prometheus drops the whole answer because of it.',
  'doubt.labelSets':
    'In quarantine: more distinct label sets than one target may have; known series go on, new ones are not read',
  'doubt.labelSets.by':
    '{samples, plural, one {# sample} other {# samples}} beyond {most, number} label sets',
  'doubt.labelSets.next':
    'Check which label changes with every answer. Where the target stands for a whole floor, raise limits.labelSets in floorwatch.yaml.',
  'doubt.ahead': 'Samples are dated in the future; they are left out',
  'doubt.ahead.by': '{samples, plural, one {# sample} other {# samples}} later than this machine’s clock',
  'doubt.ahead.next':
    'Compare the clocks of both machines (NTP), and check what writes the timestamps of this exposition.',
  'doubt.oldSamples': 'It answers at once, but all of its samples are old',
  'doubt.oldSamples.by': 'the newest is {age} old',
  'doubt.oldSamples.by.never': 'none has a possible time',
  'doubt.oldSamples.next':
    'Check what writes the timestamps of this exposition: it repeats what it knew, and no longer reads it.',
  'doubt.unauthorised':
    '{bare, plural, one {# listed address} other {# listed addresses}} of {all, number} asked without the secret of {section}',
  'doubt.unauthorised.next':
    'Where they are yours, name them under {section}.secretFor, such as *.gpu.example.net:9400 or 10.0.0.0/8; otherwise find out who wrote the list.',

  'doubt.served.queues': 'Its queue and its counters contradict each other',
  'doubt.served.queues.many':
    '{servers, plural, one {# inference server whose queue and counters contradict} other {# inference servers whose queues and counters contradict}} each other',
  'doubt.served.queues.next':
    'Look at its own /metrics: one of the two stands still. Restart the server if its queue does not move.',
  'doubt.served.replicas': 'Its counters step back and forth',
  'doubt.served.replicas.many':
    '{servers, plural, one {# inference server whose counters step} other {# inference servers whose counters step}} back and forth',
  'doubt.served.replicas.next':
    'Let the query layer answer from one replica of Prometheus, or name the replica label to it (--query.replica-label of Thanos).',
  'doubt.served.jumps': 'Its counters jumped further than is possible',
  'doubt.served.jumps.many':
    '{servers, plural, one {# inference server whose counters jumped} other {# inference servers whose counters jumped}} further than is possible',
  'doubt.served.jumps.next':
    'Check whether several processes answer under its address, and whether its counters are in tokens.',
  'doubt.served.server': '{server} {fault}',
  'doubt.served.queues.standing':
    'says that {running, plural, one {# request runs} other {# requests run}}, but has counted no token for {duration}',
  'doubt.served.queues.unseen': 'says that no request runs, but has counted tokens for {duration}',
  'doubt.served.queues.same': 'counts tokens, but its queue and cache have not changed for {duration}',
  'doubt.served.replicas.fault': 'falls a little and rises again',
  'doubt.served.jumps.fault': 'jumped; the jump is left out',

  'doubt.names.server': 'More new servers than a real one has; the rest is left out, known ones go on',
  'doubt.names.model': 'More new models than a real one has; the rest is left out, known ones go on',
  'doubt.names.model.of':
    'More new models than a real one has, on {server}; the rest is left out, known ones go on',
  'doubt.names.by':
    '{refused, plural, =0 {refused until a moment ago} other {# refused}}, such as {examples}; at most {most, number} in all and {perMinute, number} new ones a minute',
  'doubt.names.server.next':
    'Find what makes the names up: a label that changes with every request or every start cannot name a server.',
  'doubt.names.model.next':
    'Find what makes the names up: a label that changes with every request or every start cannot name a model.',

  'doubt.implausible': '{source} reports impossible usage',
  'doubt.implausible.next':
    'Check the gateway or the pipeline that counts it: a counter in another unit, or one that overflowed.',
  'doubt.usage.tenant': '{source} brings too many new tenants: {count, number} are summed as {others}',
  'doubt.usage.model': '{source} brings too many new models: {count, number} are summed as {others}',
  'doubt.usage.endpoint': '{source} brings too many new endpoints: {count, number} are summed as {others}',
  'doubt.usage.gpuType': '{source} brings too many new GPU types: {count, number} are summed as {others}',
  'doubt.usage.by':
    '{perMinute, number} new ones a minute and {most, number} in all are distinguished; not taken: {examples}',
  'doubt.usage.next': 'Look for a client that makes names up. Known names go on.',
  'doubt.clock': '{source} reports an impossible time; its usage is placed by the clock of this machine',
  'doubt.clock.next':
    'Set the clock that is wrong (NTP), or look at the proxy in between that adds the Date header.',
  'doubt.noTokens': '{source} shows no counters of tokens, so the newest usage is not known',
  'doubt.noTokens.next':
    'None if nothing was used since it started. Otherwise put callbacks: ["prometheus"] into its configuration and check the address under metering.litellm.metrics.',
  'doubt.strangers':
    '{counters, plural, one {# counter} other {# counters}} of a proxy that ran before appeared in the answer of {source}; what they had counted is not counted as new',
  'doubt.strangers.next':
    'None if another proxy was added. Have /federate include process_start_time_seconds, so that a new process is distinguished from an old one.',
  'doubt.noUsage': '{source} answers, but has reported no usage at all for {duration}',
  'doubt.noUsage.next': 'None if nothing is used. Otherwise check that the gateways report to it.',
  'doubt.daily.still': '{source}: the total of the day stands still while the live figures go on',
  'doubt.daily.liveStill': '{source}: the total of the day grows while the live figures stand still',
  'doubt.daily.disagree': '{source}: the total of the day and the live figures disagree',
  'doubt.daily.by': 'within {duration} the day grew by {day}, the live figures by {live}',
  'doubt.daily.next':
    'Check the job that writes the totals by day, and whether the live figures reach all gateways; totals of today are not exact meanwhile.',
} as const
