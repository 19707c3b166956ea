import { dirname } from 'node:path';
import { install } from './apt.mjs';
import { which } from './command.mjs';
import { ensureProgram } from './debian-program.mjs';
import { Failure } from './failure.mjs';

const age = {
  debian: { package: 'age', path: 'usr/bin/age' },
  go: { module: 'filippo.io/age/cmd/age', version: 'v1.2.1' },
};

/**
 * Brings the programs that docs/restore-by-hand.md uses, for the test that carries it out; answers the folder of `age`. jq
 * and curl are more than one file, so they are installed.
 */
export async function ensureHandTools() {
  const missing = ['curl', 'jq'].filter((name) => !which(name));
  if (missing.length > 0) await install(missing.join(' and '), missing);
  if (!which('docker'))
    throw new Failure('The docker command is missing', 'Install it (Debian 12: docker.io, later: docker-cli)', 2);
  const reasons = [];
  const program = await ensureProgram(age, (reason) => reasons.push(reason));
  if (program === undefined) throw new Failure(`age is missing: ${reasons.join('; ')}`, 'Install it (Debian: age)', 2);
  return dirname(program);
}
