import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../lib/cache.mjs';
import { Failure } from '../lib/failure.mjs';

const { engines } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8'));
const [, ...least] = engines.node.match(/^>=(\d+)\.(\d+)/).map(Number);

/** The running Node. Set-up does not install another one. */
export const node = {
  name: 'node',
  why: 'Rekindle and its set-up run on Node',

  look() {
    const [major, minor] = process.versions.node.split('.').map(Number);
    if (major > least[0] || (major === least[0] && minor >= least[1])) return { done: `Node ${process.versions.node}` };
    const missing = `Node ${least.join('.')} or newer is needed, this is ${process.versions.node}`;
    return {
      missing,
      plan: 'nothing: install it yourself',
      refusal: new Failure(missing, 'Install the current LTS (.nvmrc names it) and start again', 2),
    };
  },

  fix() {},
};
