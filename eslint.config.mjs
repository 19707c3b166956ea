import { importX } from 'eslint-plugin-import-x';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import tseslint from 'typescript-eslint';

// One direction of dependency (docs/architecture.md): what each folder may import of ours. Everything else is refused.
const mayImport = {
  domain: [],
  systems: ['domain'],
  config: ['domain'],
  operations: ['systems', 'domain', 'config'],
  activities: ['operations', 'domain', 'config'],
  workflows: ['domain', 'activities'],
  worker: ['workflows', 'activities', 'operations', 'systems', 'config', 'domain'],
  client: ['workflows', 'config', 'domain'],
  gateway: ['client', 'operations', 'config', 'domain'],
  cli: ['client', 'operations', 'config', 'domain', 'workflows'],
  stack: ['systems'],
  setup: [],
};
/** Product code imports none of these; they may import everything. */
const outside = ['bench', 'chaos', 'test'];
const folders = Object.keys(mayImport);
const zones = folders.flatMap((target) =>
  [...folders, ...outside]
    .filter((from) => from !== target && !mayImport[target].includes(from))
    .map((from) => ({
      target: `./${target}`,
      from: `./${from}`,
      message: `${target}/ must not import ${from}/ (see docs/architecture.md).`,
    })),
);

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, importX.flatConfigs.typescript],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver({ project: './tsconfig.json' })] },
    rules: {
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-restricted-paths': ['error', { zones }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    // The composition root: the one file that may bring the parts together.
    files: ['cli/main.ts'],
    rules: { 'import-x/no-restricted-paths': 'off' },
  },
  {
    // Workflow code runs in Temporal's sandbox: no Node, no clients, and of the activities only their types.
    files: ['workflows/**/*.ts', 'domain/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['node:*', '@temporalio/client', '@temporalio/worker', 'zod'], message: 'Not inside a workflow.' },
            { group: ['**/activities/*'], allowTypeImports: true, message: 'Workflows import activity types only.' },
          ],
        },
      ],
    },
  },
  {
    // What is done to a platform knows nothing of who orchestrates it: the command line does it without Temporal.
    files: ['operations/**/*.ts', 'systems/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [{ group: ['@temporalio/*'], message: 'Temporal belongs to activities/, workflows/ and client/.' }],
        },
      ],
    },
  },
  {
    files: ['domain/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', 'setTimeout', 'process', 'fetch'],
      // Reading a time is pure; asking for the time is not.
      'no-restricted-syntax': [
        'error',
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'No clock in the domain.' },
        { selector: "MemberExpression[object.name='Date'][property.name='now']", message: 'No clock in the domain.' },
      ],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['@temporalio/*', 'node:*', 'zod'], message: 'domain/ is pure: no I/O, no clock, no Temporal.' },
          ],
        },
      ],
    },
  },
  { files: ['cli/**/*.ts', 'bench/**/*.ts', 'stack/**/*.ts', 'test/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: ['test/**/*.ts', 'vitest.config.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', 'import-x/no-restricted-paths': 'off' },
  },
);
