#!/usr/bin/env node
/*
 * Keeps the histories of a release: `npm run keep-histories` copies histories/next/ to the folder of the version in package.json.
 * With the commit that is tagged; a release that has its folder is left as it is.
 */
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const [next, release] = ['next', version].map((name) => fileURLToPath(new URL(`histories/${name}`, import.meta.url)));

if (existsSync(release)) {
  console.error(`The histories of ${version} are kept already, in ${release}`);
  console.error('→ They are replayed for ever as they are: raise the version in package.json first');
  process.exitCode = 2;
} else {
  cpSync(next, release, { recursive: true });
  console.log(`histories of ${version}: ${release}`);
}
