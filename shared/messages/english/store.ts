/** What the engine keeps on disk, and what became of it. */
export const store = {
  'store.source': 'Records of this site',
  'store.notKept': 'This engine was started without a state folder, so nothing is kept beyond its end.',
  'store.setup': 'No site is configured yet, so nothing is kept.',
  'store.closed': 'The engine is shutting down.',
  'store.full': 'There is no room left for {path}: nothing more is kept until there is.',
  'store.readOnly': '{path} cannot be written: nothing more is kept.',
  'store.broken': '{path} cannot be used: the disk or the file is damaged ({code}).',
  'store.unusable': '{path} cannot be used ({code}): nothing more is kept.',
  'store.locked':
    'Another engine of this site has {path} open. This one runs without it: what it notes is lost when it ends.',
  'store.oldNode':
    'Nothing is kept: this program runs on Node {node} with Node-API {found}, and the store needs Node-API {needed}.',
  'store.noAddon': 'Nothing is kept: SQLite could not be loaded ({reason}).',
  'store.older':
    '{path} was written by an older Floorwatch. Start the engine of this version on it once, which brings it up to date.',
  'store.newer':
    '{path} was written by a newer Floorwatch (it knows {steps}). It is left as it is, and nothing is kept.',
  'store.foreign': '{path} is a database of another program. It is left as it is, and nothing is kept.',
  'store.putAside':
    '{path} was damaged ({damage}). It was moved to {aside} and a new file was started: what it held is not shown.',
  'store.damagedInUse':
    '{path} turned out to be damaged and was moved to {aside}. Nothing is kept until the engine is restarted.',
  'store.next.full': 'Free space on that disk. It is retried every 30 s.',
  'store.next.readOnly': 'Make the file and its folder writable for this user. It is retried every 30 s.',
  'store.next.broken':
    'Check the disk, then restart the engine. The damaged file is kept beside it, and copies from before each update are in the folder backups.',
  'store.next.newer': 'Start the newer Floorwatch, or name another state folder.',
  'store.next.none': 'Check the state folder and restart the engine.',
  'store.next.putAside':
    'Check the disk. To go back, stop the engine and replace the file with a copy from the folder backups.',
} as const
