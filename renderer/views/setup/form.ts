import type { CommandInput } from '../../../shared/contract/contract.ts'
import { type SecretReference, type SetupDraft, setupDraftSchema } from '../../../shared/contract/console.ts'
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
  if (name === '') errors.siteName = 'Give the site a name, for example "Lyon 2".'
  else if (name.length > 80) errors.siteName = `${name.length} characters; at most 80 fit.`
  else if (/[\p{Cc}\p{Cf}]/u.test(name))
    errors.siteName = 'There is an invisible character in it; type it again.'
  const timezone = form.timezone.trim()
  if (!isTimeZone(timezone)) errors.timezone = 'Not a time zone. Expected a name such as Europe/Paris or UTC.'

  const bearer = readReference(form, errors)
  const caFile = form.caFile.trim()
  const url = form.prometheusUrl.trim() === '' ? null : httpAddress(form.prometheusUrl)
  if (url instanceof Error) errors.prometheusUrl = url.message
  const exporters = readExporters(form.exporters, errors)
  if (form.prometheusUrl.trim() === '' && form.exporters.trim() === '') {
    errors.prometheusUrl = 'Give the address of Prometheus here, or exporters below, or both.'
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
    errors.authReference = 'Give the path of the file that holds the token.'
    return null
  }
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(reference)) return { env: reference }
  errors.authReference =
    reference === ''
      ? 'Give the name of the environment variable that holds the token.'
      : 'Not the name of a variable. Expected letters, digits and _, and never the token itself.'
  return null
}

/** Adds http:// where a bare host:port was typed. */
function httpAddress(text: string): string | Error {
  const typed = text.trim()
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `http://${typed}`
  const parsed = URL.parse(whole)
  if (parsed === null || parsed.hostname === '' || /\s/.test(typed)) {
    return new Error('Not an address. Expected host:port, or a whole http:// or https:// address.')
  }
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') {
    return new Error(`${parsed.protocol}// is not spoken here. Expected http:// or https://.`)
  }
  if (parsed.username !== '' || parsed.password !== '') {
    return new Error('Take user and password out of the address; secrets are given by reference below.')
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
      errors.exporters = `Line ${index + 1}, "${address.slice(0, 60)}": ${checked.message}`
    }
    addresses.add(address)
    if (addresses.size > MOST_EXPORTERS) {
      errors.exporters = `More than ${MOST_EXPORTERS} exporters; list them in a file_sd file and name it in floorwatch.yaml.`
      break
    }
  }
  return [...addresses]
}
