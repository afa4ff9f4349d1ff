/**
 * The house of docs/architecture.md, checked. Arrows point down only: app → channels, providers, sandbox → core → platform.
 * Inside the core, to the left only: adapters · access < organizations < contacts < feed < activities < conversations < attachments < deliveries < sends < reconciliation.
 * A file whose suffix is not on the list below is pure: no Nest, no Prisma, no pg, no Node I/O, no network.
 */
const EFFECTS =
  '\\.(module|controller|resolver|guard|decorator|filter|scalar|model|input|service|worker|adapter|sql|config|plugin|spec)\\.ts$';
const ORDER = [
  'adapters',
  'access',
  'organizations',
  'contacts',
  'feed',
  'activities',
  'conversations',
  'attachments',
  'deliveries',
  'sends',
  'reconciliation',
];

const insideCore = ORDER.flatMap((room, i) => {
  const later = ORDER.slice(i + 1);
  // adapters and access stand apart: neither imports the other.
  const forbidden = room === 'adapters' ? ORDER.slice(1) : room === 'access' ? ['adapters', ...later] : later;
  return forbidden.length
    ? [
        {
          name: `core-${room}-looks-left`,
          severity: 'error',
          from: { path: `^src/core/${room}/` },
          to: { path: `^src/core/(${forbidden.join('|')})/` },
        },
      ]
    : [];
});

export default {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'platform-knows-no-domain',
      severity: 'error',
      from: { path: '^src/platform/' },
      to: { path: '^src/(core|channels|providers|sandbox)/' },
    },
    {
      name: 'core-is-blind-to-vendors',
      severity: 'error',
      from: { path: '^src/core/' },
      to: { path: '^src/(channels|providers|sandbox)/|node_modules/(twilio|@sendgrid)/' },
    },
    {
      name: 'channels-import-core-alone',
      severity: 'error',
      from: { path: '^src/channels/([^/]+)/' },
      to: { path: '^src/(providers|sandbox|channels/(?!$1/))' },
    },
    {
      name: 'providers-import-core-alone',
      severity: 'error',
      from: { path: '^src/providers/([^/]+)/' },
      to: { path: '^src/(channels|sandbox|providers/(?!$1/))' },
    },
    {
      name: 'sandbox-imports-platform-alone',
      severity: 'error',
      from: { path: '^src/sandbox/' },
      to: { path: '^src/(core|channels|providers)/' },
    },
    {
      name: 'nobody-imports-the-top',
      severity: 'error',
      from: { path: '^src/(platform|core|channels|providers|sandbox)/' },
      to: { path: '^src/[^/]+\\.ts$' },
    },
    ...insideCore,
    {
      name: 'pure-files-have-no-effects',
      comment: 'Give the file a suffix that says what it may touch, or take the effect out of it.',
      severity: 'error',
      from: { path: '^src/(core|channels|providers|sandbox)/', pathNot: EFFECTS },
      to: {
        dependencyTypesNot: ['type-only'],
        path: 'node_modules/(@nestjs|@prisma|pg|fastify|ws|pino|undici)/|^(node:)?(fs|net|http|https|child_process|dns|tls|os|timers)(/|$)|^src/generated/|^src/platform/(database|logging|http)/.*\\.service',
      },
    },
    { name: 'specs-are-leaves', severity: 'error', from: { pathNot: '\\.spec\\.ts$' }, to: { path: '\\.spec\\.ts$' } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/generated' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
