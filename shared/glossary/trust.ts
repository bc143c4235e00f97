import type { FigureState, Severity } from '../model/figure.ts'
import { terms, type Terms } from './term.ts'

const JUDGED = 'judged by the engine for every figure at every cut'

/** The states of a figure. A state without a term does not compile. */
export const STATE_TERMS: Terms<FigureState> = terms<FigureState>({
  ok: { name: 'ok', meaning: 'A current, plausible figure.', source: JUDGED },
  zero: { name: 'zero', meaning: 'It was measured, and it is 0.', source: JUDGED },
  absent: {
    name: 'absent',
    meaning:
      'There is no figure: the exporter does not send it, or nothing has come yet. It is never read as 0.',
    source: JUDGED,
  },
  stale: {
    name: 'stale',
    meaning: 'The last known figure, which is too old or frozen.',
    formula: 'older than `staleAfter` and than two and a half samples',
    source: JUDGED,
  },
  implausible: {
    name: 'implausible',
    short: 'refused',
    meaning:
      'A value came that the GPU cannot have, or that contradicts another figure. It is shown as refused.',
    source: JUDGED,
  },
})

/** How far something deviates. */
export const SEVERITY_TERMS: Terms<Severity> = terms<Severity>({
  normal: { name: 'normal', meaning: 'Nothing deviates.', source: 'findings' },
  advisory: { name: 'advisory', meaning: 'Needs a look in this shift.', source: 'findings' },
  critical: {
    name: 'critical',
    meaning: 'Needs somebody now: capacity or revenue is being lost.',
    source: 'findings',
  },
})

/** Where figures come from, and how far they can be believed. */
export const TRUST_TERMS = terms({
  unknown: {
    name: 'unknown',
    meaning: 'It cannot be said from what is at hand. Unknown is never shown as good.',
    source: 'findings, drift, source health',
  },
  source: {
    name: 'Source',
    meaning:
      'Anything that Floorwatch asks: Prometheus, an exporter, an inference server, a metering, a list.',
    source: '`floorwatch.yaml`',
  },
  feed: {
    name: 'Feed',
    meaning: 'The way by which the floor is fed now: Prometheus, or the exporters directly.',
    source: '`main/engine/feeds/arbiter.ts`',
  },
  cadence: {
    name: 'Cadence',
    meaning: 'How often a source has a new sample, learnt from the samples themselves.',
    formula: 'median of the last five intervals between samples',
    unit: 's',
    source: 'timestamps of samples',
  },
  coverage: {
    name: 'Coverage',
    meaning: 'How many of the GPUs a figure is of: those whose exporter sends its field.',
    formula: 'GPUs with the field ÷ GPUs that are not missing',
    unit: '“1,020 of 1,024”',
    source: 'the frames of the floor',
  },
  partial: {
    name: 'partial',
    meaning:
      'The newest answer lacks a part of what there is. Sums are at least what is shown, and nothing is taken as gone.',
    source: 'answers of sources',
  },
  lag: {
    name: 'Lag',
    meaning: 'How long ago the usage ends that the metering is sure of.',
    formula: 'now on the metering’s clock − `dataAsOf`',
    unit: 's, min',
    source: 'the metering (`dataAsOf`)',
  },
  rollCall: {
    name: 'Roll-call',
    meaning:
      'The inventory against what answers: present, missing, unexpected, or unlisted where there is no inventory.',
    source: '`inventory` of `floorwatch.yaml`; identity series',
  },
  finding: {
    name: 'Finding',
    meaning:
      'Something abnormal in a sentence: what, where, since when, by which figures, and the next step.',
    source: 'the detectors in `main/core`',
  },
  doubt: {
    name: 'Doubt',
    meaning: 'A finding about a source whose own figures contradict each other. It takes FLOOR OK away.',
    source: 'source health',
  },
  frozen: {
    name: 'Frozen',
    meaning: 'The exporter answers, and none of its figures has changed for a time in which they always do.',
    source: 'successive scrapes of an exporter',
  },
  activity: {
    name: 'Activity',
    meaning: 'How busy a GPU is, by the best figure that its exporter sends.',
    formula: 'SM activity, else graphics engine activity, else GPU utilisation',
    unit: '%',
    source: 'DCGM',
  },
  working: {
    name: 'working, idle',
    meaning: 'A GPU works from 5 % of activity on. Without a current figure of activity it is neither.',
    source: 'activity',
  },
})
