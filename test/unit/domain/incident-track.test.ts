import { decide, trackKey, type Decision } from '../../../domain/incidents/decide.ts';
import type { IncidentRule } from '../../../domain/incidents/rules.ts';
import type { Notice, Track } from '../../../domain/incidents/track.ts';

const minute = 60_000;
const day = Date.UTC(2026, 0, 31);
const iso = (minutes: number) => new Date(day + minutes * minute).toISOString();

/** What a gateway remembers, and what it decides. Times in minutes. */
function scene(rules: IncidentRule[] = [{ match: [], platform: 'nuvla', action: 'restore' }]) {
  const tracks = new Map<string, Track>();
  const deliveries = new Set<string>();
  const mapping = { rules, platforms: new Set(['nuvla']) };
  const hear = (notice: Notice, heard: number): Decision => {
    const known = { track: (key: string) => tracks.get(key), delivered: (id: string) => deliveries.has(id) };
    const decision = decide(known, notice, mapping, day + heard * minute);
    if (decision.outcome === 'accepted') deliveries.add(decision.delivery);
    tracks.set(trackKey(notice), decision.track);
    return decision;
  };
  return { hear };
}

const said = (decision: Decision) =>
  decision.outcome === 'accepted' ? `${decision.event.what} ${decision.event.incident}` : decision.outcome;

describe('a group of alerts', () => {
  /** Members by their start; those that have ended with a `-`. */
  function group(...members: (number | `-${number}`)[]): Notice {
    const starts = members.map((member) => day + Math.abs(Number(member)) * minute);
    const firing = starts.filter((_, index) => typeof members[index] === 'number');
    const resolved = firing.length === 0;
    return {
      source: 'alertmanager',
      key: '{}:{a="b"}',
      content: members.toSorted().join(),
      what: resolved ? 'resolved' : 'opened',
      open: !resolved,
      title: 'Down',
      labels: {},
      at: iso(0),
      group: { earliest: Math.min(...starts), newest: Math.max(...(resolved ? starts : firing)) },
    };
  }
  const since = (start: number) => `{}:{a="b"} since ${iso(start)}`;

  test('sent again, by the other of a pair or after four hours: dropped', () => {
    const { hear } = scene();
    expect(said(hear(group(1), 2))).toBe(`opened ${since(1)}`);
    expect([2, 3, 243, 483].map((heard) => said(hear(group(1), heard)))).toEqual(Array(4).fill('duplicate'));
  });

  test('members come and go, in any order and by two senders: one incident to its end', () => {
    const { hear } = scene();
    expect(said(hear(group(5), 6))).toBe(`opened ${since(5)}`);
    expect(said(hear(group(1, 5), 6))).toBe(`updated ${since(5)}`);
    expect(said(hear(group(1), 7))).toBe(`updated ${since(5)}`);
    expect(said(hear(group(5, 9), 10))).toBe(`updated ${since(5)}`);
    expect(said(hear(group('-5', 9), 20))).toBe(`updated ${since(5)}`);
    expect(said(hear(group(9), 21))).toBe(`updated ${since(5)}`);
    expect(said(hear(group('-9'), 22))).toBe(`resolved ${since(5)}`);
    expect(said(hear(group('-9'), 22))).toBe('duplicate');
  });

  test('resolved, and it fires again: another incident', () => {
    const { hear } = scene();
    hear(group(1), 2);
    expect(said(hear(group('-1'), 10))).toBe(`resolved ${since(1)}`);
    expect(said(hear(group(11), 12))).toBe(`opened ${since(11)}`);
    expect(said(hear(group('-11'), 15))).toBe(`resolved ${since(11)}`);
  });

  test('the other of a pair lags behind: what is over does not begin again, what is new does not end', () => {
    const { hear } = scene();
    hear(group(1), 2);
    hear(group('-1'), 10);
    expect(said(hear(group(1), 11))).toBe('duplicate');
    expect(said(hear(group(0, 1), 11))).toBe('late');
    hear(group(12), 13);
    expect(said(hear(group('-0', '-1'), 13))).toBe('late');
    expect(said(hear(group('-1', 12), 14))).toBe(`updated ${since(12)}`);
    expect(said(hear(group('-12'), 15))).toBe(`resolved ${since(12)}`);
  });

  test('the same alert fires again with its old start, long after it was resolved: another incident', () => {
    const { hear } = scene();
    hear(group(1), 2);
    hear(group('-1'), 10);
    expect(said(hear(group(1), 21))).toBe(`opened ${since(21)}`);
    expect(said(hear(group('-1'), 25))).toBe(`resolved ${since(21)}`);
  });

  test('the end was never sent: alerts that began long after the last word are another incident', () => {
    const { hear } = scene();
    hear(group(1), 2);
    expect(said(hear(group(300), 301))).toBe(`opened ${since(300)}`);
  });
});

describe('an incident with a name', () => {
  const notice = (what: Notice['what'], minutes: number, delivery: string, more: Partial<Notice> = {}): Notice => ({
    source: 'pagerduty',
    key: 'Q1',
    delivery,
    content: what,
    what,
    open: what === 'opened' || what === 'acknowledged',
    title: 'Down',
    labels: {},
    at: iso(minutes),
    ...more,
  });

  test('opens once, is resolved, reopens under the same name', () => {
    const { hear } = scene();
    expect(said(hear(notice('opened', 0, 'a'), 0))).toBe('opened Q1');
    expect(said(hear(notice('opened', 0, 'a'), 1))).toBe('duplicate');
    expect(said(hear(notice('acknowledged', 2, 'b'), 2))).toBe('acknowledged Q1');
    expect(said(hear(notice('resolved', 3, 'c'), 3))).toBe('resolved Q1');
    expect(said(hear(notice('opened', 5, 'd'), 5))).toBe('opened Q1');
  });

  test('its end overtakes its beginning: nothing is begun; its end is sent on, quietly', () => {
    const { hear } = scene();
    expect(said(hear(notice('resolved', 3, 'c'), 3))).toBe('resolved Q1');
    expect(said(hear(notice('acknowledged', 2, 'b'), 4))).toBe('late');
    expect(said(hear(notice('opened', 0, 'a'), 4))).toBe('late');
  });

  test('an end from before it reopened does not end it', () => {
    const { hear } = scene();
    hear(notice('opened', 5, 'd'), 5);
    expect(said(hear(notice('resolved', 3, 'c'), 6))).toBe('late');
  });

  test('it meets a rule only when somebody sets its priority: it opens then, and keeps the rule', () => {
    const { hear } = scene([{ match: [{ label: 'priority', value: /^P[12]$/ }], platform: 'nuvla', action: 'check' }]);
    expect(hear(notice('opened', 0, 'a'), 0)).toMatchObject({ outcome: 'unmapped', why: 'no rule fits its labels' });
    expect(said(hear(notice('updated', 1, 'b', { labels: { priority: 'P1' } }), 1))).toBe('opened Q1');
    expect(said(hear(notice('updated', 2, 'c', { labels: { priority: 'P4' } }), 2))).toBe('updated Q1');
    expect(said(hear(notice('resolved', 3, 'd'), 3))).toBe('resolved Q1');
  });

  test('an update of what nobody knows opens nothing', () => {
    expect(said(scene().hear(notice('updated', 1, 'b'), 1))).toBe('late');
  });

  test('the platform may stand in a label; one without a file is told apart', () => {
    const { hear } = scene([{ match: [], platform: { label: 'instance' }, action: 'check' }]);
    expect(hear(notice('opened', 0, 'a', { labels: { instance: '../etc' } }), 0)).toMatchObject({
      outcome: 'unmapped',
      why: 'rules[0] fits and leads to "../etc", for which there is no platform file',
    });
    expect(said(hear(notice('acknowledged', 1, 'b', { labels: { instance: 'nuvla' } }), 1))).toBe('opened Q1');
  });
});
