import { config } from 'zod'

// The content security policy forbids code made from text. Zod tries it when a schema is built and the browser reports
// that as a violation, so it is told before the first schema: this module has to be imported first.
config({ jitless: true })
