import type { CommandName } from './arguments.ts'

const SERVE = `  --config FILE       the site's floorwatch.yaml
  --demo              the demo factory instead of a site
  --port N            port to serve on (any free one)
  --no-open           open no browser
  --host ADDRESS      address to serve on (127.0.0.1)
  --tls-cert PATH     certificate with its chain, PEM: consoles and walls on other machines come by TLS
  --tls-key PATH      its key, PEM; renewed files are taken over by themselves
  --listen-anywhere   allow a --host that others can reach without TLS: passwords can be read on the way
  --allow-host NAME   name of a TLS proxy in front, as browsers ask for it; https://NAME where it is TLS alone;
                      may be repeated
  --log-level LEVEL   trace, debug, info, warn, error, fatal or silent (warn)
  --state FOLDER      where incidents, accounts and the audit are kept ($FLOORWATCH_STATE, else XDG's state folder);
                      those of the demo are kept there only where it is named
  --allow-setup       let consoles change what is watched, for a quarter of an hour, although a site is configured
  --allow-secret NAME=ADDRESS
                      the setup may send this variable, or the file at this whole path, to this address; repeatable`

const WHERE = `Without --config: $FLOORWATCH_CONFIG, then ./floorwatch.yaml, then the person's own configuration folder.`

const TOPICS: Readonly<Record<CommandName, string>> = {
  start: `floorwatch [start] [options]

Opens the console: in a window of its own where Electron and a display are there, else in a browser on loopback.
${WHERE} With none of them the setup view opens.

${SERVE}
  --engine ADDRESS    a window on an engine that runs already: the "desktop" line that serve printed
  --token-file PATH   file that holds the engine's token; it is read again for every connection
  --token-env NAME    environment variable that holds it; in the ADDRESS (?token=…) others could read it
  --ca PATH           PEM of a private authority that signed the engine's certificate

Environment: ELECTRON_OVERRIDE_DIST_PATH names an unpacked Electron; FLOORWATCH_ALLOW_ROOT=1 opens windows for root,
without a sandbox (for tests).
`,
  serve: `floorwatch serve [options]

Serves the console over HTTP on loopback and prints the addresses that admit a browser, a desktop window and a wall.
${WHERE}

${SERVE}
`,
  wall: `floorwatch wall list
floorwatch wall add NAME --at ADDRESS [--config FILE | --demo]
floorwatch wall revoke (ID | NAME)... | --all

The addresses of wall displays, which may look and not act. An address works until it is revoked, over every restart of
the engine, for the site of its configuration alone; a revoked wall goes dark within seconds.

  --at ADDRESS        where the display reaches the console: http://127.0.0.1:4318, https://noc.example
  --config FILE       the floorwatch.yaml whose floor it shows; found as by serve where none is named
  --demo              it shows the demo factory

They lie in Floorwatch's state folder ($FLOORWATCH_STATE, else XDG's), as digests: an address is shown once.
`,
  user: `floorwatch user list
floorwatch user add LOGIN [--name NAME] [--role viewer | operator | on-call | administrator]
floorwatch user role LOGIN ROLE
floorwatch user disable LOGIN | enable LOGIN
floorwatch user password LOGIN

Who may sign in, and what they may do. \`add\` and \`password\` print a one-time code, with which the person chooses a
password at the console within a day. The first account is an administrator; from then on everyone signs in. A running
engine follows at once.

  --config FILE       the floorwatch.yaml of the site; found as by serve where none is named
  --demo              the demo factory, with --state
  --state FOLDER      where the engine keeps accounts, as serve has it
`,
  verify: `floorwatch verify FILE [--head NUMBER:HASH]...

Checks the hash chain of an audit: a file that was exported from the audit view, or the database of a site. Names the
first entry that was changed, left out, put elsewhere or cut off.
Exit code 0: the chain is whole. 1: it is broken, or cannot be read.

  --head NUMBER:HASH  an end of the chain that was kept elsewhere, as the audit view shows it: without one nothing can
                      show that the newest entries were cut off, or that all of the chain was written again
`,
  demo: `floorwatch demo [options]

Runs the demo factory alone, in the foreground: exporters on loopback and a floorwatch.yaml that describes them.
`,
  check: `floorwatch check [--config FILE]

Tests every source of a configuration and says what answers, what does not, and what to do.
Exit code 0: everything answers. 1: something does not, or the configuration is refused.
${WHERE}
`,
  conformance: `floorwatch conformance URL (--token-env NAME | --token-file PATH) [options]

Tests an implementation of the Metering API against its contract (docs/metering-api.md) and prints a verdict.
Exit code 0: it conforms. 1: it does not, or it cannot be reached.

  --token-env NAME    environment variable that holds the bearer token
  --token-file PATH   file that holds it
  --write TENANT      also try throttles: short ones just under the base limit of this tenant, each released again
  --ca PATH           PEM of a private authority that signed the server's certificate
  --json              the verdict as JSON
`,
  schema: `floorwatch schema

Prints the JSON Schema of floorwatch.yaml, for editors.
`,
  version: `floorwatch version

Prints the version.
`,
}

const OVERVIEW = `Floorwatch, the operations console for a floor of GPUs.

floorwatch [start]      open the console in a window or a browser
floorwatch serve        serve it to browsers on loopback
floorwatch wall         list, add and revoke the addresses of wall displays
floorwatch user         list, add and change the accounts of a site
floorwatch verify       check the hash chain of an audit
floorwatch demo         run the demo factory alone
floorwatch check        test the sources of a configuration
floorwatch conformance  test an implementation of the Metering API
floorwatch schema       print the JSON Schema of floorwatch.yaml
floorwatch version      print the version

floorwatch COMMAND --help tells more. From a clone: npm start -- COMMAND
`

/** @param demo the demo factory's own options, in its own words */
export function helpText(topic: CommandName | null, demo: string): string {
  if (topic === null) return `${OVERVIEW}\n${TOPICS.start.slice(TOPICS.start.indexOf('\n') + 2)}`
  return topic === 'demo' ? `${TOPICS.demo}\n${demo.replace(/^Usage:.*\n/, '')}` : TOPICS[topic]
}
