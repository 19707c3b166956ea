import { failed, passed, type Check } from '../../../domain/checks.ts';
import { judgeReadiness, type Evaluated, type Given } from '../../../domain/readiness/judge.ts';
import { describeReadiness, isLate, readinessOf, type Readiness } from '../../../domain/readiness/readiness.ts';

const minute = (minutes: number) => new Date(Date.UTC(2026, 10, 21, 10, minutes)).toISOString();
const good = (name: string) => passed(name, 'fine');
const bad = (name: string) => failed(name, `${name} is wrong`, `mend ${name}`);
const seen = (...checks: Check[]): Evaluated => ({ checks });

/** Evaluations one after the other, each with what the one before found, half an hour apart. */
function evaluate(...observations: Given['observation'][]) {
  let last: Readiness | undefined;
  return observations.map((observation, index) => {
    // As Temporal passes it from one run to the next.
    const before = last && (JSON.parse(JSON.stringify(last)) as Readiness);
    const judged = judgeReadiness({
      platform: 'demo',
      everyMinutes: 30,
      observation,
      last: readinessOf(before),
      now: minute(30 * index),
    });
    last = judged.next;
    return judged;
  });
}
const news = (judged: ReturnType<typeof evaluate>) => judged.map((one) => one.news?.verdict);

test('a platform that is ready is no news; one that is not is, once', () => {
  expect(news(evaluate(seen(good('disk')), seen(good('disk'))))).toEqual([undefined, undefined]);
  const judged = evaluate(seen(bad('disk'), good('images')), seen(bad('disk')), seen(bad('disk')));
  expect(news(judged)).toEqual(['not ready', undefined, undefined]);
  expect(judged[0]?.news).toMatchObject({
    before: 'ready',
    since: minute(0),
    nowUnmet: ['disk'],
    metAgain: [],
    unmet: [{ name: 'disk', evidence: 'disk is wrong', remedy: 'mend disk' }],
  });
  expect(judged[2]?.next).toMatchObject({ verdict: 'not ready', since: minute(0), at: minute(60), checks: 1 });
});

test('what changes is named: what is not met any more, what is met again', () => {
  const judged = evaluate(
    seen(bad('disk')),
    seen(bad('disk'), bad('images')),
    seen(bad('images')),
    seen(good('images')),
  );
  expect(judged.map((one) => one.news && [one.news.verdict, one.news.nowUnmet, one.news.metAgain])).toEqual([
    ['not ready', ['disk'], []],
    ['not ready', ['images'], []],
    ['not ready', [], ['disk']],
    ['ready', [], ['images']],
  ]);
  expect(judged[3]?.next.since).toBe(minute(90));
});

test('figures that change are no news, nor is another order', () => {
  const full = (percent: number) => failed('disk', `${percent} % full`, 'make room');
  expect(news(evaluate(seen(full(91), bad('images')), seen(bad('images'), full(92))))).toEqual([
    'not ready',
    undefined,
  ]);
});

test('a check that could not be carried out has not passed', () => {
  const check: Check = { name: 'version', verdict: 'inconclusive', evidence: 'it does not answer', remedy: 'start it' };
  expect(evaluate(seen(check))[0]?.next.verdict).toBe('not ready');
  expect(evaluate(seen())[0]?.next.verdict).toBe('not ready');
});

test('that the newest point is too old is announced as stale, and is no second news', () => {
  const judged = evaluate(
    seen(bad('objective RPO')),
    seen(bad('objective RPO'), bad('disk')),
    seen(bad('objective RPO')),
  );
  expect(judged[0]?.next).toMatchObject({ verdict: 'not ready', unmet: [{ name: 'objective RPO' }] });
  expect(judged.map((one) => one.news && [one.news.nowUnmet, one.news.metAgain])).toEqual([
    undefined,
    [['disk'], []],
    [[], ['disk']],
  ]);
});

test('one evaluation that could not be made is an accident, two in a row are news, once', () => {
  const gone = { unknown: 'The engine does not answer' };
  const judged = evaluate(seen(good('disk')), gone, gone, gone, seen(good('disk')));
  expect(news(judged)).toEqual([undefined, undefined, 'unknown', undefined, 'ready']);
  expect(judged[1]?.next).toMatchObject({ verdict: 'ready', at: minute(0), reason: gone.unknown });
  expect(judged[2]?.next).toMatchObject({ verdict: 'unknown', since: minute(60), at: minute(0), unmet: [] });
  expect(judged[3]?.next.since).toBe(minute(60));
  expect(judged[4]?.next).not.toHaveProperty('reason');
  expect(news(evaluate(gone, seen(good('disk')), gone, seen(good('disk'))))).toEqual(Array(4).fill(undefined));
});

test('while a run holds the platform the last answer stands, with its time', () => {
  const held = { held: 'It was not evaluated while restore/demo/1 worked on demo' };
  const judged = evaluate(seen(good('disk')), held, held, held, seen(good('disk')));
  expect(news(judged)).toEqual(Array(5).fill(undefined));
  expect(judged[3]?.next).toMatchObject({ verdict: 'ready', at: minute(0), reason: held.held });
});

test('what was not delivered is kept until something newer is announced', () => {
  const last = { ...evaluate(seen(bad('disk')))[0]!.next };
  const untold = { news: evaluate(seen(bad('disk')))[0]!.news!, receivers: ['notifications[0]'] };
  const given = { platform: 'demo', everyMinutes: 30, last: { ...last, untold }, now: minute(30) };
  expect(judgeReadiness({ ...given, observation: seen(bad('disk')) }).next.untold).toEqual(untold);
  const newer = judgeReadiness({ ...given, observation: seen(good('disk')) });
  expect(newer.next).not.toHaveProperty('untold');
  expect(newer.news?.verdict).toBe('ready');
});

test('an answer does not grow with the platform', () => {
  const many = Array.from({ length: 500 }, (_, index) => failed(`count index-${index}`, 'x'.repeat(5000), 'y'));
  const { next } = evaluate(seen(...many))[0]!;
  expect(next).toMatchObject({ checks: 500 });
  expect(next.unmet).toHaveLength(20);
  expect(JSON.stringify(next).length).toBeLessThan(20_000);
});

test('what a schedule passes that is not ours is not taken for an answer', () => {
  for (const foreign of [
    undefined,
    null,
    'ready',
    {},
    { version: 2 },
    { version: 1, state: 'fresh', since: minute(0) },
  ])
    expect(readinessOf(foreign)).toBeUndefined();
});

test('one line says the verdict, since when, and what is not met; a late one says so', () => {
  const { next } = evaluate(seen(bad('disk'), good('images')))[0]!;
  const now = Date.parse(minute(5));
  expect(describeReadiness(next, now)).toBe(`not ready since ${minute(0)}, evaluated 5 min ago; not met: disk`);
  expect(isLate(next, Date.parse(minute(89)))).toBe(false);
  expect(describeReadiness(next, Date.parse(minute(91)))).toMatch(/should have been evaluated since/);
});
