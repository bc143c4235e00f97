/** What happened at an instant. */
export const event = {
  'event.vanished': 'Vanished: its host answers without it',
  'event.back': 'Back',
  'event.xid': 'XID {code} · {name}',
  'event.xid.again': 'XID {code} · {name}, again',
  'event.boardMoved': 'Its board was in {place} before',
  'event.board.listed': 'Not the board in the inventory: UUID {before} is now {now}',
  'event.board.before': 'Another board than before: UUID {before} is now {now}',
  'event.frozen': 'The exporter answers, but no figure has changed for {silence}',
  'event.moving': 'Figures change again',
  'event.reloaded': 'The energy counter restarted: the driver was reloaded',
  'event.renamed': 'Was {before}: the same boards answer under another name',
  'event.clock.slept': 'This machine slept for {by}; nothing was watched meanwhile',
  'event.clock.back':
    'The clock of this machine was set back by {by}; what was measured before is dated by the new time',
  'event.clock.forward':
    'The clock of this machine was set forward by {by}; what was measured before is dated by the new time',
} as const
