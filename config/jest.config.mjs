// Test sizes: unit specs stand beside their source; the rest need a database, the built daemon, or real peers.
import { fileURLToPath } from 'node:url';

const swc = (tsx = false) => [
  '@swc/jest',
  {
    swcrc: false,
    sourceMaps: 'inline',
    module: { type: 'es6' },
    jsc: {
      target: 'es2023',
      keepClassNames: true,
      parser: { syntax: 'typescript', decorators: true, tsx },
      transform: {
        legacyDecorator: true,
        decoratorMetadata: true,
        useDefineForClassFields: false,
        react: { runtime: 'automatic', importSource: 'preact' },
      },
    },
  },
];

const base = {
  rootDir: fileURLToPath(new URL('..', import.meta.url)),
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': swc(), '^.+\\.tsx$': swc(true) },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/var/'],
};
const node = (displayName, ...testMatch) => ({ ...base, displayName, testEnvironment: 'node', testMatch });

export default {
  coverageProvider: 'v8',
  // One at a time: the lab's addresses and the machine's two cores are shared, and calls are measured
  maxWorkers: 1,
  testTimeout: 60_000,
  projects: [
    { ...node('unit', '<rootDir>/src/**/*.spec.ts'), testPathIgnorePatterns: ['/src/web/'] },
    node('integration', '<rootDir>/test/integration/**/*.spec.ts'),
    node('e2e', '<rootDir>/test/e2e/**/*.spec.ts'),
    node('peers', '<rootDir>/test/peers/**/*.spec.ts'),
    {
      ...base,
      displayName: 'web',
      testEnvironment: 'jsdom',
      testEnvironmentOptions: { customExportConditions: ['node'] },
      testMatch: ['<rootDir>/src/web/**/*.spec.ts', '<rootDir>/src/web/**/*.spec.tsx'],
    },
  ],
};
