import type { IncidentEvent, IncidentState } from '../../../domain/incidents/incident.ts';
import { addToStory, addTold, hear, isNew, openState, phaseOf } from '../../../domain/incidents/story.ts';

const event = (change: Partial<IncidentEvent> = {}): IncidentEvent => ({
  source: 'pagerduty',
  delivery: 'd-1',
  incident: 'P1',
  what: 'opened',
  title: 'The database is down',
  labels: {},
  at: '2026-11-28T03:00:00Z',
  ...change,
});
const open = (): IncidentState =>
  openState({ id: 'p-1', platform: 'nuvla', action: 'restore', rule: 'rules[0]', event: event() });

describe('what a tool says of an incident', () => {
  test('an end counts once, and an opening after it opens it again, with its acknowledgement undone', () => {
    const state = open();
    expect(hear(state, event({ what: 'acknowledged', at: '2026-11-28T03:01:00Z' })).line).toBe(
      'Acknowledged in pagerduty',
    );
    expect(hear(state, event({ what: 'resolved', at: '2026-11-28T03:02:00Z' })).line).toBe('Resolved in pagerduty');
    expect(hear(state, event({ what: 'resolved', at: '2026-11-28T03:03:00Z' }))).toEqual({});
    expect(state).toMatchObject({ acknowledgedAt: '2026-11-28T03:01:00Z', resolvedAt: '2026-11-28T03:02:00Z' });
    expect(hear(state, event({ at: '2026-11-28T03:04:00Z' }))).toEqual({
      line: 'Opened again in pagerduty',
      reopened: true,
    });
    expect(state.resolvedAt).toBeUndefined();
    expect(state.acknowledgedAt).toBeUndefined();
  });

  test('an opening that is as old as the end, or older, was delivered late', () => {
    const state = open();
    hear(state, event({ what: 'resolved', at: '2026-11-28T03:02:00Z' }));
    for (const at of ['2026-11-28T03:02:00Z', '2026-11-28T03:00:00Z']) expect(hear(state, event({ at }))).toEqual({});
    expect(state.resolvedAt).toBe('2026-11-28T03:02:00Z');
  });

  test('an update is told of when the title changed, and cut when it is a book', () => {
    const state = open();
    expect(hear(state, event({ what: 'updated' }))).toEqual({});
    expect(hear(state, event({ what: 'updated', title: 'x'.repeat(5000), url: 'https://pd.example' })).line).toMatch(
      /^pagerduty says: x+…$/,
    );
    expect(state.title).toHaveLength(300);
    expect(state.url).toBe('https://pd.example');
  });
});

test('a delivery counts once, and what is kept of deliveries, story and reports is bounded', () => {
  const state = open();
  const deliveries: string[] = [];
  for (let index = 0; index < 2000; index++) {
    expect(isNew(deliveries, `d-${index}`)).toBe(true);
    expect(isNew(deliveries, `d-${index}`)).toBe(false);
    addToStory(state, '', `line ${index}`);
    addTold(state, { at: '', to: 'pagerduty note', text: `line ${index}` });
  }
  expect(deliveries).toHaveLength(300);
  expect(state.story).toHaveLength(100);
  expect(state.story.at(0)?.text).toBe('line 0');
  expect(state.story.at(-1)?.text).toBe('line 1999');
  expect(state.told).toHaveLength(60);
});

test('the phase is what the incident waits for', () => {
  const run = { id: 'restore/nuvla/1', kind: 'restore', phase: 'waiting for approval' } as const;
  const at = { resolvedAt: '2026-11-28T03:02:00Z' };
  const phase = (change: Partial<IncidentState>) => phaseOf({ ...open(), ...change });
  expect(phase({})).toBe('waiting for the incident to end');
  expect(phase({ run })).toBe('proposing');
  expect(phase({ run: { ...run, phase: 'running', approvedBy: ['ann'] } })).toBe('working');
  expect(phase({ ...at, run: { ...run, phase: 'running', approvedBy: ['ann'] } })).toBe('working');
  expect(phase({ run: { ...run, kind: 'backup', phase: 'running' } })).toBe('working');
  expect(phase({ run: { ...run, phase: 'passed' } })).toBe('waiting for the incident to end');
  expect(phase({ ...at, run: { ...run, other: true } })).toBe('resolved');
  expect(phase(at)).toBe('resolved');
});
