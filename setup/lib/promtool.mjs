import { ensureProgram } from './debian-program.mjs';

/** Prometheus' own checker of rules, for the tests of deploy/. */
export const ensurePromtool = (say) =>
  ensureProgram(
    {
      debian: { package: 'prometheus', path: 'usr/bin/promtool' },
      go: { module: 'github.com/prometheus/prometheus/cmd/promtool', version: 'v0.307.3' },
    },
    say,
  );
