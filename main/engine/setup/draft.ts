import { stringify } from 'yaml'
import type { SecretReference, SetupDraft } from '../../../shared/contract/console.ts'

interface Reached {
  readonly url: string
  readonly bearer?: SecretReference | undefined
  readonly caFile?: string | undefined
}

const HEADER = `# Floorwatch: one file per site. Secrets stand here by reference only ({ env: NAME } or { file: PATH }).
`

/** The floorwatch.yaml that the setup view asks for; what it leaves out keeps its default. */
export function draftText(draft: SetupDraft): string {
  return (
    HEADER +
    stringify({
      version: 1,
      site: draft.site,
      ...(draft.prometheus ? { prometheus: reached(draft.prometheus) } : {}),
      ...(draft.exporters.length > 0 ? { exporters: { static: draft.exporters } } : {}),
    })
  )
}

/** A configuration of one address alone, to try it with exactly the code that will use it later. */
export function probeText(probe: Reached & { readonly kind: 'prometheus' | 'exporter' }): string {
  const { url, ...access } = reached(probe)
  const section =
    probe.kind === 'prometheus'
      ? { prometheus: { url, ...access } }
      : { exporters: { static: [url], ...access } }
  return stringify({ version: 1, site: { name: 'setup' }, ...section })
}

function reached({ url, bearer, caFile }: Reached): { url: string; bearer?: object; tls?: object } {
  return {
    url,
    ...(bearer ? { bearer } : {}),
    ...(caFile === undefined || caFile === '' ? {} : { tls: { ca: caFile } }),
  }
}
