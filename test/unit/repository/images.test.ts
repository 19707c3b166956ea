import { existsSync, readFileSync } from 'node:fs';
import { expecting } from '../../expecting.ts';

/** `{ recipe: 'zookeeper', official: 'zookeeper:3.9.4' }` of set-up's list, which is plain JavaScript. */
const listed = [
  ...readFileSync('setup/images/list.mjs', 'utf8').matchAll(
    /recipe: '([a-z0-9]+)',\s*(?:shares: '[a-z]+',\s*)?official: '([^']+)'/g,
  ),
].map(([, recipe = '', official = '']) => ({ recipe, official }));

test.each(listed)('set-up and Dockerfile name the same official image of $recipe', ({ recipe, official }) => {
  const folder = `stack/images/${recipe}`;
  expect(readFileSync(`${folder}/Dockerfile`, 'utf8')).toMatch(
    new RegExp(`^FROM ${official.replaceAll('.', '\\.')}$`, 'm'),
  );
  expecting(existsSync(`${folder}/Dockerfile.built`), 'the fallback where no registry is reached').toBe(true);
});

test('every image is checked', () => {
  expect(listed.map(({ recipe }) => recipe).toSorted()).toEqual([
    'elasticsearch',
    'elasticsearch9',
    'etcd',
    'mariadb',
    'node',
    'postgresql',
    'redis',
    's3',
    'zookeeper',
  ]);
});
