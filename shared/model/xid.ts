import type { Severity } from './figure.ts'

/** What an XID code means to the person on call. Source: NVIDIA "XID Errors" catalogue. */
export interface XidMeaning {
  readonly code: number
  readonly name: string
  readonly severity: Severity
  readonly nextStep: string
}

const table: readonly XidMeaning[] = [
  {
    code: 13,
    name: 'graphics engine exception',
    severity: 'advisory',
    nextStep: 'Look at the job first; if it follows the board, run dcgmi diag -r 3.',
  },
  {
    code: 31,
    name: 'GPU memory page fault',
    severity: 'advisory',
    nextStep: 'Usually the application; restart the job and watch for repeats.',
  },
  {
    code: 43,
    name: 'GPU stopped processing',
    severity: 'advisory',
    nextStep: 'Usually the application; the board is healthy if other jobs run.',
  },
  {
    code: 45,
    name: 'preemptive cleanup',
    severity: 'advisory',
    nextStep: 'Follows another error or a killed job; look for an earlier XID.',
  },
  {
    code: 46,
    name: 'GPU stopped',
    severity: 'critical',
    nextStep: 'Drain the host, reset the GPU; send for service if it returns.',
  },
  {
    code: 48,
    name: 'double-bit ECC error',
    severity: 'critical',
    nextStep: 'Drain the host and reset the GPU; check row remapping.',
  },
  {
    code: 63,
    name: 'row remapping recorded',
    severity: 'advisory',
    nextStep: 'Takes effect at the next GPU reset; plan one.',
  },
  {
    code: 64,
    name: 'row remapping failed',
    severity: 'critical',
    nextStep: 'Drain the host and open a service case for the board.',
  },
  {
    code: 74,
    name: 'NVLink error',
    severity: 'critical',
    nextStep: 'Check nvidia-smi nvlink -e and the fabric manager; reseat or service if it repeats.',
  },
  {
    code: 79,
    name: 'GPU has fallen off the bus',
    severity: 'critical',
    nextStep: 'Drain the host and power-cycle it; service the board if it happens again.',
  },
  {
    code: 92,
    name: 'high single-bit ECC rate',
    severity: 'advisory',
    nextStep: 'Watch it; run dcgmi diag at the next window.',
  },
  {
    code: 94,
    name: 'contained ECC error',
    severity: 'advisory',
    nextStep: 'One process was ended; reset the GPU when the host is drained.',
  },
  {
    code: 95,
    name: 'uncontained ECC error',
    severity: 'critical',
    nextStep: 'Drain the host and reset the GPU now: other work may be corrupt.',
  },
  {
    code: 119,
    name: 'GSP RPC timeout',
    severity: 'critical',
    nextStep: 'Drain the host and reset the GPU; check the driver version.',
  },
  {
    code: 120,
    name: 'GSP error',
    severity: 'critical',
    nextStep: 'Drain the host and reset the GPU; check the driver version.',
  },
  {
    code: 140,
    name: 'unrecovered ECC error',
    severity: 'critical',
    nextStep: 'Drain the host and reset the GPU.',
  },
  {
    code: 144,
    name: 'NVLink SAW error',
    severity: 'critical',
    nextStep: 'Collect nvidia-bug-report and check the NVLink fabric.',
  },
  {
    code: 145,
    name: 'NVLink RLW error',
    severity: 'critical',
    nextStep: 'Collect nvidia-bug-report and check the NVLink fabric.',
  },
  {
    code: 146,
    name: 'NVLink TLW error',
    severity: 'critical',
    nextStep: 'Collect nvidia-bug-report and check the NVLink fabric.',
  },
  {
    code: 147,
    name: 'NVLink TREX error',
    severity: 'critical',
    nextStep: 'Collect nvidia-bug-report and check the NVLink fabric.',
  },
  {
    code: 148,
    name: 'NVLink NVLPW control error',
    severity: 'critical',
    nextStep: 'Collect nvidia-bug-report and check the NVLink fabric.',
  },
  {
    code: 149,
    name: 'NVLink NETIR error',
    severity: 'critical',
    nextStep: 'Collect nvidia-bug-report and check the NVLink fabric.',
  },
  {
    code: 154,
    name: 'recovery action changed',
    severity: 'advisory',
    nextStep: 'Read the recovery action with nvidia-smi -q and follow it.',
  },
]
/** The codes of the catalogue, ascending. */
export const KNOWN_XIDS: readonly XidMeaning[] = table
const byCode = new Map(table.map((meaning) => [meaning.code, meaning]))

/** An unlisted code is still news: it is shown with its number and treated as advisory. */
export function xidMeaning(code: number): XidMeaning {
  return (
    byCode.get(code) ?? {
      code,
      name: 'code not in the catalogue',
      severity: 'advisory',
      nextStep: "Look the code up in NVIDIA's XID catalogue.",
    }
  )
}
