import { isMap, isScalar, Document, type Scalar } from 'yaml'
import type { SecretReference, SetupDraft } from '../../shared/contract/console.ts'

/**
 * What the setup view found, as a commented floorwatch.yaml that {@link readConfig} accepts and people go on editing.
 * Every text is written by the YAML library, so no value can break out of its place.
 */
export function renderConfig(draft: SetupDraft): string {
  const { prometheus, exporters } = draft
  const document = new Document({
    version: 1,
    site: draft.site,
    ...(prometheus === null ? {} : { prometheus: prometheusSection(prometheus) }),
    ...(exporters.length === 0 ? {} : { exporters: { static: exporters, interval: '5s' } }),
  })
  document.commentBefore =
    ' Floorwatch: one file per site. Written by the setup view; yours to edit from here on.\n' +
    ' Check it with: floorwatch check --config FILE\n' +
    ' Secrets stand here by reference only: { env: NAME } or { file: PATH }.'
  comment(document, 'site', "The zone is the floor's own; walls show it beside UTC.")
  comment(
    document,
    'prometheus',
    'The floor through Prometheus, Thanos, Mimir or VictoriaMetrics.\n' +
      'More keys: basic, tls, headers, timeout, slowEvery, identityEvery, selector.',
  )
  comment(
    document,
    'exporters',
    'The floor straight from dcgm-exporter: alone, or when Prometheus does not answer.\n' +
      'Besides static: files (file_sd) and http (HTTP SD) lists.',
  )
  const tail = [
    '',
    '# What ought to stand on the floor. With an inventory a GPU that never answered is missed, too.',
    '# inventory:',
    '#   floors:',
    '#     - name: Hall 1',
    '#       racks:',
    '#         - { name: A01, hosts: ["h-{0001..0008}"], gpus: 8, type: H100 }',
    '',
  ]
  return document.toString({ lineWidth: 0 }) + tail.join('\n')
}

function prometheusSection(prometheus: NonNullable<SetupDraft['prometheus']>) {
  const { url, bearer, caFile } = prometheus
  return {
    url,
    ...(bearer === undefined ? {} : { bearer: reference(bearer) }),
    ...(caFile === undefined || caFile === '' ? {} : { tls: { ca: caFile } }),
    refresh: '5s',
  }
}

function reference(secret: SecretReference): SecretReference {
  return 'env' in secret ? { env: secret.env } : { file: secret.file }
}

function comment(document: Document, key: string, text: string): void {
  if (!isMap(document.contents)) return
  const pair = document.contents.items.find((item) => isScalar(item.key) && item.key.value === key)
  if (pair === undefined) return
  const scalar = pair.key as Scalar
  scalar.commentBefore = text.replaceAll(/^/gm, ' ')
  scalar.spaceBefore = true
}
