import { ensureProgram } from './debian-program.mjs';

/** The `age` program, for the test that carries out docs/restore-by-hand.md. */
export const ensureAge = (say) =>
  ensureProgram(
    {
      debian: { package: 'age', path: 'usr/bin/age' },
      go: { module: 'filippo.io/age/cmd/age', version: 'v1.2.1' },
    },
    say,
  );
