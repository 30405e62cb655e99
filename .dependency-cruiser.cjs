'use strict';

// Who may import whom. The linter says it at the line for the libraries' edges; this holds the whole graph.
const spec = '[.](spec|e2e-spec)[.]tsx?$';
const api = '^apps/api/src';
const node = '^(node:)?';

/** Which features of apps/api each feature knows, besides the ground they all stand on. */
const ground = ['common', 'config', 'database'];
const features = {
  alarms: [],
  access: ['auth', 'keys'],
  audit: ['usage'],
  auth: ['access'],
  dashboard: ['alarms'],
  discovery: ['models', 'routes'],
  gateway: ['access', 'audit', 'processes', 'routing', 'usage'],
  keys: ['access'],
  logs: [],
  'model-downloads': ['models', 'providers'],
  models: [],
  observability: ['access', 'gateway'],
  panel: [],
  processes: ['models'],
  providers: [],
  resources: [],
  routes: ['models', 'providers'],
  routing: ['access', 'models', 'providers', 'routes'],
  startup: ['auth', 'discovery', 'gateway', 'keys', 'models', 'routes'],
  usage: ['access', 'audit', 'keys', 'routing'],
};

const featureEdges = Object.entries(features).map(([feature, known]) => ({
  name: `feature-edges-${feature}`,
  comment: `apps/api/src/${feature} may know ${[...known, ...ground].join(', ')}. A new edge is a decision: write it down in this table.`,
  severity: 'error',
  from: { path: `${api}/${feature}/`, pathNot: spec },
  to: {
    path: `${api}/[^/]+/`,
    pathNot: `${api}/(${[feature, ...known, ...ground].join('|')})/`,
  },
}));

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Files that need each other are one file, or hide a third. Types alone may meet.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'translation-is-pure',
      comment: 'Translation is data in, data out: no package, no node:, nothing of ours.',
      severity: 'error',
      from: { path: '^libs/translation/src/', pathNot: spec },
      to: { pathNot: '^libs/translation/src/' },
    },
    {
      name: 'process-knows-nobody',
      comment: 'The supervisor knows Node and itself; apps/api maps its terms to the gateway.',
      severity: 'error',
      from: { path: '^libs/process/src/', pathNot: spec },
      to: { pathNot: '^libs/process/src/', dependencyTypesNot: ['core'] },
    },
    {
      name: 'adapters-need-only-translation',
      comment:
        'An adapter turns a call into HTTP. Whom to call, and whether, is decided in apps/api.',
      severity: 'error',
      from: { path: '^libs/adapters/src/', pathNot: spec },
      to: {
        pathNot: [
          '^libs/adapters/src/',
          '^libs/translation/src/index[.]ts$',
          '(^|/)node_modules/(undici|ipaddr[.]js|@anthropic-ai/sdk|@pydantic/genai-prices)/',
        ],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'libs-through-index',
      comment:
        'A library is entered by its name (#translation, #adapters, #process), never by a file.',
      severity: 'error',
      from: { path: '^(libs|apps)/([^/]+)/', pathNot: spec },
      to: {
        path: '^libs/[^/]+/src/',
        pathNot: ['^libs/[^/]+/src/index[.]ts$', '^$1/$2/'],
      },
    },
    {
      name: 'not-own-index',
      comment: 'index.ts is the door for others; from inside it makes cycles.',
      severity: 'error',
      from: { path: '^libs/([^/]+)/src/', pathNot: spec },
      to: { path: '^libs/$1/src/index[.]ts$' },
    },
    {
      name: 'libs-know-no-application',
      comment: 'Libraries are used by the applications, not the other way round.',
      severity: 'error',
      from: { path: '^libs/', pathNot: spec },
      to: { path: '^apps/' },
    },
    {
      name: 'egress-opens-connections',
      comment: 'Only the egress client opens connections, so that its policy sees every one.',
      severity: 'error',
      from: {
        path: '^(apps/api|libs/adapters)/src/',
        pathNot: ['^libs/adapters/src/egress/', spec],
      },
      to: {
        path: [`${node}(http|https|http2|tls|dgram)$`, '(^|/)node_modules/undici/'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'nobody-imports-gateway',
      comment:
        'The gateway uses the features, no feature uses the gateway. Start and health ask only whether it drains.',
      severity: 'error',
      from: {
        path: api,
        pathNot: [
          `${api}/(gateway|observability)/`,
          `${api}/(app[.]module|startup/start-gateway)[.]ts$`,
          spec,
        ],
      },
      to: { path: `${api}/gateway/` },
    },
    {
      name: 'only-drain-state-of-the-gateway',
      comment: 'What others may know of the gateway is whether it drains.',
      severity: 'error',
      from: { path: `${api}/(observability|startup)/`, pathNot: spec },
      to: {
        path: `${api}/gateway/`,
        pathNot: '/(drain-state|gateway[.]module)[.]ts$',
      },
    },
    {
      name: 'ground-knows-no-feature',
      comment: `${ground.join(', ')} carry every feature, so they know none.`,
      severity: 'error',
      from: { path: `${api}/(${ground.join('|')})/`, pathNot: spec },
      to: { path: `${api}/`, pathNot: `${api}/(${ground.join('|')})/` },
    },
    ...featureEdges,
    {
      name: 'every-feature-is-listed',
      comment: 'A new folder of apps/api/src gets a line in the table of features.',
      severity: 'error',
      from: { path: `${api}/(?!(${[...ground, ...Object.keys(features)].join('|')})/)[^/]+/` },
      to: {},
    },
    {
      name: 'entity-imports-entity',
      comment:
        'A table knows other tables, how columns are written and the words of the libraries, and nothing that uses it.',
      severity: 'error',
      from: { path: '[.]entity[.]ts$' },
      to: { path: '^apps/', pathNot: ['[.]entity[.]ts$', `${api}/database/`] },
    },
    {
      name: 'controllers-know-no-controller',
      comment: 'What two controllers share is a service.',
      severity: 'error',
      from: { path: '[.]controller[.]ts$' },
      to: { path: '[.]controller[.]ts$' },
    },
    {
      name: 'services-know-no-controller',
      comment:
        'HTTP comes in through controllers; a service that needs one has the edge the wrong way round.',
      severity: 'error',
      from: { path: api, pathNot: ['[.](module|controller)[.]ts$', spec] },
      to: { path: '[.]controller[.]ts$' },
    },
    {
      name: 'admin-imports-nothing',
      comment: 'The panel talks HTTP: it is a client like any other.',
      severity: 'error',
      from: { path: '^apps/admin/' },
      to: { path: ['^libs/', '^apps/api/', '^test/'] },
    },
    {
      name: 'not-to-spec',
      comment: 'A specification is the end of the line; what it shares lies in a support file.',
      severity: 'error',
      from: {},
      to: { path: spec },
    },
    {
      name: 'product-needs-no-test',
      comment: 'Test support is not shipped.',
      severity: 'error',
      from: { path: '^(apps|libs)/[^/]+/src/', pathNot: spec },
      to: { path: ['^test/', '^libs/[^/]+/test/'] },
    },
    {
      name: 'not-to-dev-dependency',
      comment: 'What runs in production is a dependency, not a development dependency.',
      severity: 'error',
      from: { path: '^(apps/api|libs/[^/]+)/src/', pathNot: spec },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere breaks at run time.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(\\./)?dist/' },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nobody imports and that imports nobody is dead.',
      severity: 'error',
      from: {
        orphan: true,
        path: '^(apps|libs|test|bench)/',
        pathNot: [
          spec,
          '[.]d[.]ts$',
          '^test/fixtures/',
          '^(test|libs/[^/]+/test)/.*[.]mjs$',
          '[.]config[.]ts$',
          '^test/support/plain-count-reporter[.]ts$',
          // types in JSDoc, which knip follows and this does not
          '^bench/load/job[.]mjs$',
        ],
      },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: {
      path: [
        '^dist/',
        '^bench/(peers|results)/',
        // has packages of its own, which only the tests install
        '^test/clients/',
        '/node_modules/.*/node_modules/',
        '^libs/process/embedded-engine/',
      ],
    },
    // Type imports count too: a type from the wrong side is knowledge from the wrong side.
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    moduleSystems: ['es6', 'cjs'],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
    skipAnalysisNotInRules: true,
  },
};
