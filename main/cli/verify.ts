import { say } from '../../shared/messages/format.ts'
import { verifyFile } from '../audit/index.ts'
import { printable } from '../platform/foreignText.ts'
import type { Output } from './surroundings.ts'

export interface VerifyArguments {
  readonly file: string
  /** Ends of the chain that were kept elsewhere. */
  readonly heads: readonly { readonly seq: number | null; readonly hash: string }[]
}

/**
 * `floorwatch verify`: whether the chain of an audit is whole.
 * @returns the exit code: 0 whole, 1 broken
 * @throws Error with a sentence where the file cannot be read
 */
export async function verify({ file, heads }: VerifyArguments, output: Output): Promise<number> {
  const { kind, site, entries, first, head, broken } = await verifyFile(file, heads)
  if (kind === 'export' && site !== null) output.out(say('audit.cli.site', { site: printable(site), first }))
  if (broken === null && head !== null) {
    output.out(say('audit.cli.whole', { entries }))
    output.out(say('audit.cli.head', { head: `${head.seq}:${head.hash}` }))
    output.out(heads.length > 0 ? say('audit.cli.known') : say('audit.cli.unknown'))
    return 0
  }
  if (broken === null) {
    output.out(say('audit.cli.empty'))
    return heads.length > 0 ? 1 : 0
  }
  output.err(
    broken.seq === 0
      ? say('audit.cli.noAudit', { file })
      : say('audit.cli.broken', { seq: broken.seq, how: say(`audit.broken.${broken.kind}`) }),
  )
  if (entries > 0) output.err(say('audit.cli.until', { entries }))
  return 1
}
