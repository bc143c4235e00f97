/** The setup view: first start, and later what this console watches. */
export const setup = {
  'setup.title': 'Setup',
  'setup.title.first': 'What should this console watch?',
  'setup.readOnly':
    'This screen can look but not act. Open Floorwatch at a console to change what it watches.',
  'setup.unlocked':
    'Setup was unlocked at the terminal and accepts changes for another {remaining}. What is saved here replaces {site}.',
  'setup.wait': 'Wait for the answer.',

  'setup.connect.title': 'Connect to your factory',
  'setup.connect.siteName': 'Site name',
  'setup.connect.timezone': 'Time zone of the floor',
  'setup.connect.timezone.hint': 'Clocks show UTC and this zone.',
  'setup.connect.prometheus': 'Prometheus, Thanos, Mimir or VictoriaMetrics',
  'setup.connect.prometheus.address': 'Address',
  'setup.connect.prometheus.address.hint': 'Leave it empty to watch exporters only.',
  'setup.connect.token': 'Bearer token',
  'setup.connect.token.none': 'none',
  'setup.connect.token.env': 'in an environment variable',
  'setup.connect.token.file': 'in a file',
  'setup.connect.token.envName': 'Name of the variable',
  'setup.connect.token.filePath': 'Path of the file',
  'setup.connect.token.hint':
    'Only the reference is saved; the token itself stays where it is. Whoever runs Floorwatch confirms once which address receives it.',
  'setup.connect.caFile': 'Certificate authority (optional)',
  'setup.connect.caFile.hint': 'A PEM file, if the certificate was issued by a private authority.',
  'setup.connect.exporters': 'Exporters, scraped directly',
  'setup.connect.exporters.addresses': 'dcgm-exporter addresses, one per line (optional)',
  'setup.connect.exporters.hint':
    'Alongside Prometheus, they take over when it does not answer. Configure file_sd and HTTP discovery in floorwatch.yaml.',
  'setup.connect.untested':
    'The first {tested, plural, one {exporter is} other {# exporters are}} tested here, the other {rest} once the site is connected.',
  'setup.connect.testAndSave': 'Test and save',
  'setup.connect.test': 'Test only',
  'setup.connect.saveAnyway': 'Save anyway',
  'setup.connect.saving': 'Saving, {elapsed}',
  'setup.connect.notSaved': '<strong>Not saved.</strong> {problem} {nextStep}',
  'setup.connect.saved': 'Saved to <code>{path}</code>. The console is now connecting to the site.',
  'setup.connect.saved.start':
    'From now on, start Floorwatch with this file: <code>floorwatch start --config {path}</code>',
  'setup.connect.saved.floor': 'Go to the floor',
  'setup.connect.saved.sources': 'Watch the sources connect',

  'setup.test.results': 'Test results',
  'setup.test.testing': 'Testing, {elapsed}',
  'setup.test.works': 'works',
  'setup.test.fails': 'does not work',

  'setup.demo.title': 'Look at the demo factory',
  'setup.demo.what':
    'A simulated factory on this machine: real DCGM exporters on loopback, three floors, four GPU types, and deliberate faults: a frozen exporter, a hung one, missing GPUs, XID errors.',
  'setup.demo.local':
    'Nothing leaves this machine and nothing is saved. The console says DEMO for as long as it runs.',
  'setup.demo.start': 'Look at the demo factory',
  'setup.demo.isStarting': 'It is starting.',
  'setup.demo.starting': 'Starting the demo factory, {elapsed}',
  'setup.demo.failed': '<strong>The demo factory did not start.</strong> {problem} {nextStep}',

  'setup.watching.title': 'Watching',
  'setup.watching.title.demo': 'Watching the demo factory',
  'setup.watching.site': 'Site',
  'setup.watching.timezone': 'Time zone',
  'setup.watching.configuration': 'Configuration',
  'setup.watching.engineStarted': 'Engine started',
  'setup.watching.version': 'Version',
  'setup.watching.edit':
    'To change the site, edit that file: this screen then says what is wrong with it, or offers to apply it. To watch another site alongside it, start a second Floorwatch with its own file.',
  'setup.watching.locked':
    'No screen can point this engine at another site. Whoever runs it can allow that for a quarter of an hour: type <code>setup</code> and Enter at its terminal, or start it with <code>--allow-setup</code>.',

  'setup.screen.title': 'This screen',
  'setup.screen.theme': 'Theme',
  'setup.screen.theme.system': 'as the system',
  'setup.screen.theme.dark': 'dark',
  'setup.screen.theme.light': 'light',
  'setup.screen.theme.hint': 'Saved on this screen only.',

  'setup.form.siteName.empty': 'Give the site a name, for example "Lyon 2".',
  'setup.form.siteName.long': '{length, number} characters; at most {most, number} fit.',
  'setup.form.siteName.invisible': 'It contains an invisible character; type it again.',
  'setup.form.timezone': 'Not a time zone. Expected a name such as Europe/Paris or UTC.',
  'setup.form.noSource': 'Give the address of Prometheus here, or exporters below, or both.',
  'setup.form.token.file.empty': 'Give the path of the file that holds the token.',
  'setup.form.token.env.empty': 'Give the name of the environment variable that holds the token.',
  'setup.form.token.env.wrong':
    'Not the name of a variable. Expected letters, digits and _, and never the token itself.',
  'setup.form.address': 'Not an address. Expected host:port, or a whole http:// or https:// address.',
  'setup.form.address.protocol': '{protocol}// is not supported. Expected http:// or https://.',
  'setup.form.address.credentials':
    'Remove user and password from the address; secrets are given by reference below.',
  'setup.form.exporters.line': 'Line {line, number}, "{address}": {problem}',
  'setup.form.exporters.many':
    'More than {most, number} exporters; list them in a file_sd file and name it in floorwatch.yaml.',
} as const
