/** Unit specs sit beside their file; the promises, end to end, are in test/; those that take long (`*.long.spec.ts`) have a script of their own. Those share one PostgreSQL (test/support/global-setup.js). */
const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    {
      swcrc: false,
      module: { type: 'es6' },
      sourceMaps: 'inline',
      jsc: {
        target: 'es2022',
        keepClassNames: true,
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true },
      },
    },
  ],
};
const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  // `metadata.json.js` is a file of that name, not one to be compiled.
  moduleNameMapper: { '^(\\.{1,2}/.*)(?<!\\.json)\\.js$': '$1' },
  transform,
};
/** Against a real PostgreSQL that all of a project share. */
const promises = {
  ...shared,
  globalSetup: '<rootDir>/test/support/global-setup.js',
  globalTeardown: '<rootDir>/test/support/global-teardown.js',
};
export default {
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/src/**/*.spec.ts'] },
    { ...promises, displayName: 'promises', testMatch: ['<rootDir>/test/**/*.spec.ts'], testPathIgnorePatterns: ['\\.long\\.spec\\.ts$'] },
    { ...promises, displayName: 'long', testMatch: ['<rootDir>/test/**/*.long.spec.ts'] },
  ],
  testTimeout: 60_000,
  maxWorkers: 2,
};
