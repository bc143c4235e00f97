import { terms } from './term.ts'

/** What is owed, and how fast what may go wrong is used up. */
export const OBJECTIVE_TERMS = terms({
  objective: {
    name: 'Objective',
    short: 'SLO',
    meaning:
      'What is owed: at least so large a share of requests in time, of requests that succeed, or of tokens that are not lost, over a period.',
    source: '`objectives:` of `floorwatch.yaml`',
  },
  sli: {
    name: 'Good share',
    short: 'SLI',
    meaning:
      'The share of events of the last 5 minutes that were good, with its counts. Without traffic there is none: it is never 100 % then.',
    formula: 'good ÷ (good + bad)',
    unit: '%',
    source: 'minutes of the metering, of inference servers or of PromQL',
  },
  bucket: {
    name: 'Bucket of a threshold',
    meaning:
      'Histograms count up to fixed bounds. The largest that is not above the threshold is used; the next one bounds what is not known.',
    unit: 'ms, s',
    source: 'bounds (`le`) of the source’s histograms',
  },
  burn: {
    name: 'Burn',
    meaning:
      'How fast the budget is spent: at 1× it lasts exactly its period. A bar of the matrix is burn ÷ factor, and the factor is the line through all rows.',
    formula: 'bad ÷ total ÷ (1 − target)',
    unit: '×',
    source: 'minutes of the window; at most 1 ÷ (1 − target)',
  },
  pair: {
    name: 'Pair of windows',
    meaning:
      'An alert: the long window says that it matters, the short one that it goes on. Both have to burn faster than the factor, with enough bad events.',
    source: '`pairs` of an objective',
  },
  budget: {
    name: 'Budget left',
    meaning:
      'What of the bad events that a period may have is not used yet. Below 0 it is overdrawn. Minutes that are not measured bound it: all of them bad, and all good.',
    formula: '1 − bad ÷ ((1 − target) × total of a period at the present traffic)',
    unit: '%',
    source: 'minutes of the period',
  },
  coverage: {
    name: 'Coverage of an objective',
    meaning:
      'How many of the minutes since it is watched are known. Idle ones are, unmeasured ones are not. Below three quarters of a window its alert freezes.',
    formula: 'known minutes ÷ minutes of the period since the first known one',
    unit: '%',
    source: 'answers of the source',
  },
  frozen: {
    name: 'frozen',
    meaning:
      'Too little is known to judge an alert: what was said last stands, and it neither resolves nor grows.',
    source: 'coverage of the windows of its pairs',
  },
})
