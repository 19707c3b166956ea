import { readFileSync } from 'node:fs';
import semver from 'semver';
import { expecting } from '../../expecting.ts';

const read = (file: string) => readFileSync(file, 'utf8');
const lts = read('.nvmrc').trim();
const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
const oldest = semver.minVersion(engines.node)!;

test.each([oldest.version, `${lts}.0.0`])('every dependency of the product accepts Node %s', (version) => {
  const { packages } = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { dev?: boolean; engines?: { node?: string } }>;
  };
  const refusing = Object.entries(packages)
    .filter(([, { dev, engines: wanted }]) => !dev && !semver.satisfies(version, wanted?.node ?? '*'))
    .map(([path, { engines: wanted }]) => `${path}: ${wanted?.node}`);
  expect(refusing).toEqual([]);
});

test('images and documentation name the current LTS, as .nvmrc does', () => {
  for (const file of ['Dockerfile', 'stack/images/node/Dockerfile'])
    expecting(read(file), file).toMatch(new RegExp(`\\bnode:${lts}-slim$`, 'm'));
  expect(read('setup/images/node.mjs')).toContain(`const version = '${lts}.`);
  expect(read('setup/images/list.mjs')).toContain(`nodeTag = 'rekindle-stack/node:${lts}'`);
  for (const file of ['README.md', 'CONTRIBUTING.md', 'setup/README.md'])
    expecting(read(file), file).toMatch(new RegExp(`\\b${lts}[^.]*current LTS|current LTS[^.]*\\b${lts}`));
});

test('documentation names the oldest Node that will do, as package.json does', () => {
  for (const file of ['README.md', 'CONTRIBUTING.md', 'setup/README.md', 'Dockerfile'])
    expecting(read(file), file).toContain(`${oldest.major}.${oldest.minor}`);
});
