import { languageOf } from '../../shared/messages/format.ts'

/** A second language, of a few texts: what tests read to see that no text is made before it is shown. */
export const GERMAN = languageOf('de', {
  'finding.ecc': 'Doppelbit-ECC-Fehler{gpus, plural, =1 {} other { auf # GPUs}}',
  'finding.ecc.by': '{errors, number} seit dem letzten Reset',
  'finding.ecc.next': 'Host leeren und die GPU zurücksetzen.',
  'refusal.unknown.command': 'Diese Engine kennt den Befehl {name} nicht.',
})
