/*
 * One direction of dependency (docs/architecture.md): what each folder may import of ours. Everything else is refused.
 */

const product = {
  domain: [],
  api: ['domain'],
  drawing: ['domain'],
  page: ['api', 'domain', 'drawing'],
  systems: ['domain'],
  config: ['domain'],
  operations: ['systems', 'domain', 'config'],
  activities: ['operations', 'domain', 'config'],
  workflows: ['domain', 'activities'],
  worker: ['workflows', 'activities', 'operations', 'systems', 'config', 'domain'],
  client: ['workflows', 'config', 'domain'],
  gateway: ['api', 'client', 'drawing', 'operations', 'config', 'domain', 'workflows'],
  cli: ['api', 'client', 'drawing', 'operations', 'config', 'domain', 'workflows'],
  stack: ['systems'],
};

/** Product code imports none of the folders from `setup` on. */
export const mayImport = {
  ...product,
  bin: [],
  setup: [],
  lint: [],
  bench: [...Object.keys(product), 'setup'],
  chaos: [...Object.keys(product), 'setup', 'bench'],
  test: [...Object.keys(product), 'setup', 'bench', 'chaos'],
};

/** The composition root: the one file that may bring the product's parts together. */
export const mayImportMore = { 'cli/main.ts': Object.keys(product) };
