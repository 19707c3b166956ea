import { sameName } from '../../../page/actions/typed.ts';
import { pathOf } from '../../../page/api/path.ts';
import { whyNot } from '../../../page/api/session.ts';
import { safeLink } from '../../../page/incidents/safe-link.ts';
import { phaseWord } from '../../../page/parts/tones.ts';
import { badgesOf } from '../../../page/platform/badges.ts';
import { entriesOf, seriesOf } from '../../../page/platform/series.ts';
import { hrefOf, parseRoute } from '../../../page/route.ts';
import { titleOf } from '../../../page/shell/title.ts';
import { history, pointsPage, runId } from '../../systems/page/documents.ts';

const now = Date.parse('2026-11-28T18:00:00Z');

describe('addresses', () => {
  test('a run leads to itself and back, slashes and all', () => {
    expect(hrefOf.run(runId)).toBe('#/runs/restore%2Fdemo%2F2026-11-28t1300z');
    expect(parseRoute(hrefOf.run(runId))).toEqual({ view: 'run', run: runId });
  });

  test.each([
    ['', 'platforms'],
    ['#/', 'platforms'],
    ['#/platforms/demo', 'platform'],
    ['#/runs/restore/demo/1', 'run'],
    ['#/runs/cut%2', 'run'],
    ['#/incidents', 'incidents'],
    ['#/incidents/pd-q1x', 'incident'],
    ['#/elsewhere', 'nowhere'],
  ])('%j shows %s', (hash, view) => {
    expect(parseRoute(hash).view).toBe(view);
  });

  test('a tab is named after what it shows', () => {
    expect(titleOf(parseRoute('#/platforms/demo'))).toBe('demo · Rekindle');
  });

  test('of the API: parameters in their place and encoded, the others behind the question mark', () => {
    expect(pathOf('approve', { run: runId })).toBe('/api/v1/runs/restore%2Fdemo%2F2026-11-28t1300z/approve');
    expect(pathOf('points', { platform: 'demo', limit: '20' })).toBe('/api/v1/platforms/demo/points?limit=20');
  });
});

describe('who may', () => {
  test('a viewer is told which role is needed, an approver may all', () => {
    expect(whyNot('viewer', 'approver')).toBe('needs the role approver, you are viewer');
    expect(whyNot('approver', 'operator')).toBeUndefined();
    expect(whyNot(undefined, 'viewer')).toBe('you are not logged in');
  });

  test('a name is confirmed as a phone types it, and no other is', () => {
    expect(sameName('Demo ', 'demo')).toBe(true);
    expect(sameName('dem', 'demo')).toBe(false);
    expect(sameName('', 'demo')).toBe(false);
  });
});

test.each([
  ['https://example.pagerduty.com/incidents/1', true],
  ['javascript:alert(1)', false],
  ['data:text/html,x', false],
  [undefined, false],
])('a tool sent %j as its page: a link or not', (url, links) => {
  expect(safeLink(url) !== undefined).toBe(links);
});

test.each([
  ['waiting for approval', 'asks'],
  ['waiting for decision', 'asks'],
  ['running', 'busy'],
  ['undoing', 'busy'],
  ['passed', 'good'],
  ['refused', 'bad'],
  ['cancelled', 'quiet'],
])('the phase %s is %s', (phase, tone) => {
  expect(phaseWord(phase).tone).toBe(tone);
});

test('a point says whether it counts: proven, good, or suspect and then never good', () => {
  const { points } = pointsPage(now);
  const words = points.map((point) => badgesOf(point).map(({ word }) => word));
  expect(words.slice(0, 6)).toEqual([['good'], ['good'], ['suspect'], ['good', 'pinned'], ['good'], ['proven']]);
});

describe('plots', () => {
  const series = seriesOf(entriesOf(history(now), 'backup'));

  test('are oldest first, and every column is as long as the times', () => {
    expect(series.times).toEqual(series.times.toSorted((a, b) => a - b));
    for (const column of Object.values(series)) expect(column).toHaveLength(90);
  });

  test('mark failures and suspect points, and leave failures out of the line', () => {
    expect(series.failures.filter((one) => one !== null)).toHaveLength(3);
    expect(series.suspects.filter((one) => one !== null)).toHaveLength(1);
    expect(series.durations.filter((one) => one === null)).toHaveLength(3);
  });

  test('leave out what was skipped', () => {
    const skipped = { ...history(now)[0]!, phase: 'skipped' as const };
    expect(entriesOf([skipped], 'backup')).toEqual([]);
  });
});
