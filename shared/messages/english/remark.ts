/** Why a job took so many tokens: what happened, how often, where, and what it took. */
export const remark = {
  'remark.size': '{tokens}, {share} of the job',
  'remark.loop':
    'Loop: {name} failed {times, number} times under {parent} and was tried again each time; that took {size}.',
  'remark.loop.top':
    'Loop: {name} failed {times, number} times and was tried again each time; that took {size}.',
  /** Behind a loop: why it came to so much. */
  'remark.loop.read': '{loop} Each of its {passes, number} passes read {mean} on average.',
  'remark.repetition':
    'Repetition: {name} was called {times, number} times in a row under {parent}; with the passes between, that took {size}.',
  'remark.repetition.top':
    'Repetition: {name} was called {times, number} times in a row; with the passes between, that took {size}.',
  'remark.growth':
    'Growing context: over {passes, number} passes of {parent}, input grew from {before} to {after} a pass{others, plural, =0 {} one {, and likewise in # other place} other {, and likewise in # other places}}; reading it took {size}.',
  'remark.growth.top':
    'Growing context: over {passes, number} passes, input grew from {before} to {after} a pass{others, plural, =0 {} one {, and likewise in # other place} other {, and likewise in # other places}}; reading it took {size}.',
  'remark.recursion':
    'Recursion: {name} called itself {levels, number} levels deep; everything below the first took {size}.',
  'remark.retries':
    'Retries: {steps, plural, one {# step was} other {# steps were}} tried again after a failure; the later attempts took {size}.',
  'remark.deadEnds':
    'Dead ends: {branches, plural, one {# branch} other {# branches}} ended without a result and took {size}.',
  'remark.largeStep.model': 'Large step: a single pass of {name} took {size}.',
  'remark.largeStep.call': 'Large step: a single call of {name} took {size}.',
  'remark.misses':
    'Retrieval: {missed, number} of {lookUps, plural, one {# look-up} other {# look-ups}} found nothing, so the passes after them went without.',
  'remark.misses.took':
    'Retrieval: {missed, number} of {lookUps, plural, one {# look-up} other {# look-ups}} found nothing, so the passes after them went without; the look-ups took {size}.',

  /** What is wrong with the steps themselves. */
  'remark.steps.cut':
    'The metering sent {sent, number} of the {steps, number} steps of this job; the rest is not shown.',
  'remark.steps.doubled':
    '{steps, plural, one {# step came more than once and is} other {# steps came more than once and are}} counted once.',
  'remark.steps.orphans':
    '{steps, plural, one {# step names a parent that was not sent and is} other {# steps name parents that were not sent and are}} shown at the top.',
  'remark.steps.circles':
    'The parents of {steps, plural, one {# step form} other {# steps form}} {circles, plural, one {a circle; it is} other {# circles; they are}} cut at the step with the earliest start, shown at the top.',
  'remark.steps.roots': 'The job has {roots, number} first steps; each is the root of its own tree.',
  'remark.steps.beyond':
    'The steps add up to {tokens} tokens more than the metering counts for the job, so shares of the job are too large.',
} as const
