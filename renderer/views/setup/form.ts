import type { CommandInput } from '../../../shared/contract/contract.ts'
import { type SecretReference, type SetupDraft, setupDraftSchema } from '../../../shared/contract/console.ts'
import { say } from '../../../shared/messages/format.ts'
import { isTimeZone } from '../../../shared/model/time.ts'

/** What stands in the fields, as it was typed. */
export interface SetupForm {
  readonly siteName: string
  readonly timezone: string
  readonly prometheusUrl: string
  readonly auth: 'none' | 'env' | 'file'
  /** Name of the environment variable or path of the file. Never the secret itself. */
  readonly authReference: string
  readonly caFile: string
  /** One address a line. */
  readonly exporters: string
}

export type FieldName = keyof SetupForm
export type FormErrors = Partial<Record<FieldName, string>>
export type Probe = CommandInput<'setup.test'>

export interface FormReading {
  readonly draft: SetupDraft | null
  readonly errors: FormErrors
  /** What is to be tried before saving, Prometheus first. */
  readonly probes: readonly Probe[]
  readonly exporterCount: number
}

/** Trying every exporter of a large floor would keep the person waiting; the first ones show whether it works. */
export const MOST_EXPORTERS_TESTED = 16
const MOST_EXPORTERS = 10_000
const MOST_NAME = 80

export function emptyForm(timezone: string): SetupForm {
  return {
    siteName: '',
    timezone: isTimeZone(timezone) ? timezone : 'UTC',
    prometheusUrl: '',
    auth: 'none',
    authReference: '',
    caFile: '',
    exporters: '',
  }
}

/** The draft that the form describes, or what is wrong with it, field by field. */
export function readForm(form: SetupForm): FormReading {
  const errors: FormErrors = {}
  const name = form.siteName.trim()
  if (name === '') errors.siteName = say('setup.form.siteName.empty')
  else if (name.length > MOST_NAME)
    errors.siteName = say('setup.form.siteName.long', { length: name.length, most: MOST_NAME })
  else if (/[\p{Cc}\p{Cf}]/u.test(name)) errors.siteName = say('setup.form.siteName.invisible')
  const timezone = form.timezone.trim()
  if (!isTimeZone(timezone)) errors.timezone = say('setup.form.timezone')

  const bearer = readReference(form, errors)
  const caFile = form.caFile.trim()
  const url = form.prometheusUrl.trim() === '' ? null : httpAddress(form.prometheusUrl)
  if (url instanceof Error) errors.prometheusUrl = url.message
  const exporters = readExporters(form.exporters, errors)
  if (form.prometheusUrl.trim() === '' && form.exporters.trim() === '') {
    errors.prometheusUrl = say('setup.form.noSource')
  }

  const prometheus =
    typeof url === 'string'
      ? { url, ...(bearer ? { bearer } : {}), ...(caFile === '' ? {} : { caFile }) }
      : null
  const probes: Probe[] = [
    ...(prometheus === null ? [] : [{ kind: 'prometheus' as const, ...prometheus }]),
    ...exporters.slice(0, MOST_EXPORTERS_TESTED).map((address) => {
      const whole = httpAddress(address)
      return { kind: 'exporter' as const, url: whole instanceof Error ? address : whole }
    }),
  ]
  const candidate = { site: { name, timezone }, prometheus, exporters }
  const parsed = Object.keys(errors).length === 0 ? setupDraftSchema.safeParse(candidate) : null
  return {
    draft: parsed?.success === true ? parsed.data : null,
    errors,
    probes,
    exporterCount: exporters.length,
  }
}

function readReference(form: SetupForm, errors: FormErrors): SecretReference | null {
  const reference = form.authReference.trim()
  if (form.auth === 'none') return null
  if (form.auth === 'file') {
    if (reference !== '') return { file: reference }
    errors.authReference = say('setup.form.token.file.empty')
    return null
  }
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(reference)) return { env: reference }
  errors.authReference =
    reference === '' ? say('setup.form.token.env.empty') : say('setup.form.token.env.wrong')
  return null
}

/** Adds http:// where a bare host:port was typed. */
function httpAddress(text: string): string | Error {
  const typed = text.trim()
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `http://${typed}`
  const parsed = URL.parse(whole)
  if (parsed === null || parsed.hostname === '' || /\s/.test(typed)) {
    return new Error(say('setup.form.address'))
  }
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') {
    return new Error(say('setup.form.address.protocol', { protocol: parsed.protocol }))
  }
  if (parsed.username !== '' || parsed.password !== '') {
    return new Error(say('setup.form.address.credentials'))
  }
  return whole
}

function readExporters(text: string, errors: FormErrors): string[] {
  const addresses = new Set<string>()
  for (const [index, line] of text.split('\n').entries()) {
    const address = line.trim().replace(/,$/, '')
    if (address === '' || address.startsWith('#') || addresses.has(address)) continue
    const checked = httpAddress(address)
    if (checked instanceof Error && errors.exporters === undefined) {
      errors.exporters = say('setup.form.exporters.line', {
        line: index + 1,
        address: address.slice(0, 60),
        problem: checked.message,
      })
    }
    addresses.add(address)
    if (addresses.size > MOST_EXPORTERS) {
      errors.exporters = say('setup.form.exporters.many', { most: MOST_EXPORTERS })
      break
    }
  }
  return [...addresses]
}
