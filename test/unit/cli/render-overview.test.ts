import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import { renderOverview } from '../../../cli/render/overview.ts';
import { isWell, summaryOf } from '../../../domain/status/platform-summary.ts';
import { drill, failed, now, passed, seen, type Given } from '../domain/status-samples.ts';

const colour = pc.createColors(true);
const summary = (given: Given) => summaryOf(seen(given), now);
const shown = (given: Given) => renderOverview(summary(given), { colour }, now);

test('good backups and a worker: all is well, in green', () => {
  expect(shown({})).toContain(`nuvla: ${colour.green('good')}\n`);
  expect(isWell(summary({}))).toBe(true);
});

test('good backups and no worker: the state says so, in red, with the remedy', () => {
  const text = shown({ worker: 'absent' });
  expect(text).toContain(
    `nuvla: ${colour.red('no worker takes its work')}\n  → Start a worker on its host ("rekindle worker")`,
  );
  expect(stripVTControlCharacters(text)).not.toContain('good\n');
  expect(isWell(summary({ worker: 'absent' }))).toBe(false);
});

test('a failed backup and no worker: both are said, and a worker comes first', () => {
  const text = shown({ worker: 'absent', outcomes: [passed, failed()] });
  expect(text).toMatch(/nuvla: .*failed.*, the last backup, .*; no worker takes its work\n {2}→ Start a worker/);
});

test('while Temporal does not answer, nobody says that there is no worker', () => {
  expect(shown({ worker: 'unknown' })).toContain(colour.green('good'));
});

test('the newest drill that passed, against its objective; one that failed does not count', () => {
  const outcomes = [
    passed,
    drill('2026-11-20T12:00:00Z'),
    drill('2026-11-21T11:00:00Z', { run: 'drill/nuvla/2', phase: 'failed' }),
  ];
  const line = (given: Given) => /last drill.*/.exec(stripVTControlCharacters(shown(given)))?.[0].replace(/ +/, ' ');
  expect(line({ outcomes, drilledSeconds: 7 * 86_400 })).toMatch(
    /^last drill +drill\/nuvla\/1 of p-11:30, passed 24 h ago; objective 7 d$/,
  );
  expect(line({ drilledSeconds: 86_400 })).toMatch(/none has passed; objective 1 d$/);
  expect(line({})).toBeUndefined();
});
