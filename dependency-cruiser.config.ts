import type { ICruiseOptions, IForbiddenRuleType } from 'dependency-cruiser'

/** The direction rules of docs/architecture.md. Run through `npm run deps`, which also refuses an empty cruise. */
const test = '\\.test\\.tsx?$'
const values =
  '^node_modules/(zod|intl-messageformat|@formatjs|decimal\\.js|temporal-polyfill|temporal-spec|temporal-utils)/'

export const forbidden: IForbiddenRuleType[] = [
  {
    name: 'no-cycles',
    comment: 'Types included: what two files share stands in a file of its own.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'shared-imports-only-itself-and-values',
    comment: 'Schemas, decimals and calendars: values without any effect, alike on every runtime.',
    severity: 'error',
    from: { path: '^shared/', pathNot: test },
    to: { pathNot: ['^shared/', values] },
  },
  { name: 'renderer-never-main', severity: 'error', from: { path: '^renderer/' }, to: { path: '^main/' } },
  { name: 'main-never-renderer', severity: 'error', from: { path: '^main/' }, to: { path: '^renderer/' } },
  {
    name: 'core-is-pure',
    severity: 'error',
    from: { path: '^main/core/', pathNot: test },
    to: { pathNot: ['^main/core/', '^shared/', values] },
  },
  {
    name: 'sources-stay-apart',
    comment:
      'A source imports itself, core, platform and shared; the engine composes them. Reading and scraping expositions is common to dcgm-exporter and the inference servers.',
    severity: 'error',
    from: { path: '^main/sources/([^/]+)/', pathNot: test },
    to: { path: '^main/', pathNot: ['^main/sources/($1|exposition)/', '^main/core/', '^main/platform/'] },
  },
  {
    name: 'platform-imports-only-itself',
    severity: 'error',
    from: { path: '^main/platform/', pathNot: test },
    to: { path: '^main/', pathNot: '^main/platform/' },
  },
  {
    name: 'store-knows-platform-only',
    comment:
      'Whoever keeps something brings its own step of the schema; the store knows none of what is kept.',
    severity: 'error',
    from: { path: '^main/store/', pathNot: test },
    to: { path: '^main/', pathNot: ['^main/store/', '^main/platform/'] },
  },
  {
    name: 'config-knows-platform-only',
    severity: 'error',
    from: { path: '^main/config/', pathNot: test },
    to: { path: '^main/', pathNot: ['^main/config/', '^main/platform/'] },
  },
  {
    name: 'audit-knows-the-store',
    severity: 'error',
    from: { path: '^main/audit/', pathNot: test },
    to: {
      path: '^main/',
      pathNot: ['^main/audit/', '^main/core/audit/', '^main/store/index', '^main/platform/'],
    },
  },
  {
    name: 'access-knows-store-and-audit',
    severity: 'error',
    from: { path: '^main/access/', pathNot: test },
    to: {
      path: '^main/',
      pathNot: [
        '^main/access/',
        '^main/audit/(index|types)',
        '^main/core/audit/entry',
        '^main/store/index',
        '^main/platform/',
      ],
    },
  },
  {
    name: 'hosts-see-the-public-face-of-the-engine',
    severity: 'error',
    from: { path: '^main/(wall|electron|cli)/', pathNot: test },
    to: {
      path: '^main/',
      pathNot: [
        '^main/(wall|electron|cli)/',
        '^main/platform/',
        '^main/config/',
        '^main/(access|audit|store)/index\\.ts$',
        '^main/engine/(types|index|hostMessages)\\.ts$',
        '^main/demo/(launch|options)\\.ts$',
        '^main/launch/',
        '^main/preload/channels\\.ts$',
      ],
    },
  },
  {
    name: 'nothing-imports-the-shell',
    severity: 'error',
    from: { path: '^(main|shared|renderer)/', pathNot: '^main/electron/' },
    to: { path: '^main/electron/' },
  },
  {
    name: 'electron-only-in-the-shell',
    severity: 'error',
    from: { path: '^(main|shared|renderer)/', pathNot: ['^main/(electron|preload)/'] },
    to: { path: '^(node_modules/electron/|electron$)' },
  },
  {
    name: 'transport-knows-no-state',
    comment: 'What comes over the line is kept by the stores; the line knows none of them.',
    severity: 'error',
    from: { path: '^renderer/transport/', pathNot: test },
    to: { path: '^renderer/(state|draw|ui|views)/' },
  },
  {
    name: 'draw-knows-no-react',
    severity: 'error',
    from: { path: '^renderer/draw/', pathNot: test },
    to: { path: ['^node_modules/react', '^renderer/(views|ui|state|transport)/'] },
  },
  {
    name: 'ui-knows-no-view',
    severity: 'error',
    from: { path: '^renderer/ui/' },
    to: { path: '^renderer/views/' },
  },
  {
    name: 'demo-is-a-world-of-its-own',
    severity: 'error',
    from: { path: '^main/demo/', pathNot: test },
    to: { path: '^main/', pathNot: ['^main/demo/', '^main/platform/', '^main/config/'] },
  },
  {
    name: 'production-never-imports-tests',
    severity: 'error',
    from: { path: '^(main|shared|renderer)/', pathNot: test },
    to: { path: ['^test/', test] },
  },
  {
    name: 'no-unresolvable',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true, pathNot: '^electron$' },
  },
]

export const options: ICruiseOptions = {
  parser: 'swc',
  doNotFollow: { path: 'node_modules' },
  tsPreCompilationDeps: true,
  enhancedResolveOptions: {
    extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    exportsFields: ['exports'],
    conditionNames: ['import', 'node', 'default'],
  },
}
