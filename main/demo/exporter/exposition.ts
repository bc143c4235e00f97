import type { Factory } from '../factory/factory.ts'
import type { Faults } from '../faults/faults.ts'
import {
  CLASSIC_CLOCK_EVENTS,
  CLOCK_EVENTS,
  COUNTERS,
  XID,
  XID_COUNT,
  XID_MESSAGES,
  type Counter,
} from './counters.ts'
import { entitiesOf, type Entity } from './labels.ts'
import { writeDouble, writeInteger } from './numberWriter.ts'
import { deviationsOf, type Deviation } from './quirks.ts'

/** Bytes of what never changes about a counter: its comment lines, and its name where a sample starts. */
interface Prepared extends Counter {
  readonly comments: Buffer
  readonly start: Buffer
}

/** An entity with its label bytes, ready to be copied in front of a number. */
interface Row extends Entity {
  readonly labels: Buffer
  /** Per counter of the list: how this entity differs from the rule, where it does. */
  readonly deviations: readonly (Deviation | undefined)[] | null
}

/** Everything that the exporter of one host prints, without the numbers. Rebuilt when the host's series change. */
interface Sheet {
  readonly revision: number
  readonly counters: readonly Prepared[]
  readonly rows: readonly Row[]
  /** Enough for any numbers. */
  readonly maxBytes: number
}

/** Sign, 20 digits, a point and a newline, with room to spare. */
const MAX_NUMBER_BYTES = 32

export interface ExpositionOptions {
  /** `standard` is dcgm-exporter's default list, `extended` adds SM activity, clock events, violations and ECC. */
  readonly counters: 'standard' | 'extended'
}

/** Prints what the DCGM exporter of a host would print now. */
export interface Exposition {
  /** Upper bound of the bytes that `render` writes for this host now. */
  size(host: number): number
  /**
   * Writes the exposition into `out`, which has at least `size(host)` bytes.
   * @returns how many bytes it wrote
   */
  render(host: number, out: Buffer): number
}

export function createExposition(factory: Factory, faults: Faults, options: ExpositionOptions): Exposition {
  const listed = COUNTERS.filter((counter) => counter.standard || options.counters === 'extended')
  const lists = {
    current: listed.map((counter) => prepare(counter)),
    classic: listed.map((counter) =>
      prepare(counter.name === CLOCK_EVENTS ? { ...counter, ...CLASSIC_CLOCK_EVENTS } : counter),
    ),
  }
  const xidCountComments = Buffer.from(comments(XID_COUNT))
  const sheets: (Sheet | undefined)[] = []

  function sheetOf(hostIndex: number): Sheet {
    const revision = faults.revision(hostIndex)
    const known = sheets[hostIndex]
    if (known?.revision === revision) return known
    const counters = lists[boardOf(hostIndex).exporter]
    const rows = entitiesOf(factory, faults, hostIndex).map(
      (entity): Row => ({
        ...entity,
        labels: Buffer.from(`${entity.head}${entity.container}${entity.workload}} `),
        deviations: deviationsOf(counters, entity, {
          gaps: faults.migGaps(hostIndex),
          sentinels: faults.sentinels(entity.gpu),
          implausible: faults.implausible(entity.gpu),
        }),
      }),
    )
    const perRow = rows.reduce((bytes, row) => bytes + row.labels.length, 0)
    const headers = counters.reduce((bytes, counter) => bytes + counter.comments.length, 0)
    const starts = counters.reduce((bytes, counter) => bytes + counter.start.length + MAX_NUMBER_BYTES, 0)
    // XID lines carry up to 120 bytes of labels of their own, twice where the exporter also counts them.
    const xids = xidCountComments.length + rows.length * (XID_COUNT.name.length + 400) + 2 * perRow
    const maxBytes = headers + starts * rows.length + perRow * counters.length + xids
    const sheet = { revision, counters, rows, maxBytes }
    sheets[hostIndex] = sheet
    return sheet
  }

  function boardOf(hostIndex: number) {
    const host = factory.site.hosts[hostIndex]
    if (host === undefined) throw new RangeError(`there is no host ${hostIndex}`)
    return host.board
  }

  function render(hostIndex: number, out: Buffer): number {
    const { counters, rows } = sheetOf(hostIndex)
    const board = boardOf(hostIndex)
    let at = 0
    for (let c = 0; c < counters.length; c++) {
      const counter = counters[c] as Prepared
      const begin = at
      out.set(counter.comments, at)
      at += counter.comments.length
      const body = at
      at =
        counter.name === XID
          ? writeXids(out, at, rows, board.exporter === 'classic')
          : writeCounter(out, at, counter, c, rows)
      // A counter that no entity has is not in the exporter's map: not even its comments are printed.
      if (at === body) at = begin
    }
    return board.countsXids && options.counters === 'extended' ? writeXidCounts(out, at, rows) : at
  }

  function writeCounter(out: Buffer, from: number, counter: Prepared, c: number, rows: readonly Row[]) {
    const column = factory.columns[counter.column]
    const perUnit = counter.per === 'unit'
    const double = counter.format === 'double'
    const { start } = counter
    let at = from
    for (let r = 0; r < rows.length; r++) {
      const row = rows[r] as Row
      const deviation = row.deviations === null ? undefined : row.deviations[c]
      if (deviation === 'absent') continue
      out.set(start, at)
      at += start.length
      out.set(row.labels, at)
      at += row.labels.length
      if (deviation !== undefined) {
        at += out.write(`${deviation.text}\n`, at, 'latin1')
        continue
      }
      const value = column[perUnit ? row.unit : row.gpu] as number
      at = double ? writeDouble(out, at, value) : writeInteger(out, at, value)
    }
    return at
  }

  /** Newer exporters leave a healthy board out, older ones print 0 (dcgm-exporter#700). */
  function writeXids(out: Buffer, from: number, rows: readonly Row[], classic: boolean): number {
    let at = from
    for (const row of rows) {
      const code = factory.columns.xid[row.gpu] ?? 0
      if (code === 0 && !classic) continue
      const error = `,err_code="${code}",err_msg="${XID_MESSAGES[code] ?? 'Unknown Error'}"`
      at += out.write(`${XID}${row.head}${row.container}${error}${row.workload}} ${code}\n`, at, 'latin1')
    }
    return at
  }

  function writeXidCounts(out: Buffer, from: number, rows: readonly Row[]): number {
    out.set(xidCountComments, from)
    let at = from + xidCountComments.length
    for (const row of rows) {
      const recent = factory.now() - (factory.xidAt[row.gpu] ?? Number.NaN) < XID_COUNT.windowMs
      const xid = recent ? `,xid="${factory.columns.xid[row.gpu] ?? 0}"` : ''
      const labels = `${row.head},window_size_in_ms="${XID_COUNT.windowMs}"${xid}${row.container}${row.workload}`
      at += out.write(`${XID_COUNT.name}${labels}} ${recent ? 1 : 0}\n`, at, 'latin1')
    }
    return at
  }

  return { size: (host) => sheetOf(host).maxBytes, render }
}

function prepare(counter: Counter): Prepared {
  return { ...counter, comments: Buffer.from(comments(counter)), start: Buffer.from(counter.name) }
}

function comments(counter: { name: string; help: string; type: string }): string {
  return `# HELP ${counter.name} ${counter.help}\n# TYPE ${counter.name} ${counter.type}\n`
}
