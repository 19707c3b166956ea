import {
  freshnessOf,
  judgeFreshness,
  type Freshness,
  type CatalogueObservation,
} from '../../../domain/status/freshness.ts';

const at = (minute: number) => new Date(Date.parse('2026-11-21T00:00:00.000Z') + minute * 60_000).toISOString();
const point = (minute: number) => ({ newest: { id: `p${minute}`, startedAt: at(minute) } });
const away = { outOfReach: 'no route' };

/** One run after the other, each with what the one before left; an objective of 60 minutes. */
function story(
  observations: [minute: number, observation: CatalogueObservation][],
  { objectiveMinutes }: { objectiveMinutes?: number } = { objectiveMinutes: 60 },
) {
  let last: Freshness | undefined;
  return observations.map(([minute, observation]) => {
    const { next, news } = judgeFreshness({ objectiveMinutes, observation, last, now: at(minute) });
    // As Temporal hands it over: JSON.
    last = freshnessOf(JSON.parse(JSON.stringify(next)));
    const told = news
      ? `${news.event}${news.reminder ? ' again' : ''}${news.reason === undefined ? '' : ' (away)'}`
      : '-';
    return `${next.state} ${told}`;
  });
}

describe('freshness', () => {
  test('becomes stale once, and fresh again once', () => {
    expect(
      story([
        [10, point(0)],
        [60, point(0)],
        [61, point(0)],
        [62, point(0)],
        [70, point(65)],
        [71, point(65)],
        [126, point(65)],
      ]),
    ).toEqual(['fresh -', 'fresh -', 'stale stale', 'stale -', 'fresh recovery', 'fresh -', 'stale stale']);
  });

  test('without an earlier run: stale is announced, fresh is not', () => {
    expect(story([[100, point(0)]])).toEqual(['stale stale']);
    expect(story([[10, point(0)]])).toEqual(['fresh -']);
  });

  test('no recovery point at all is stale', () => {
    expect(
      story([
        [0, { newest: undefined }],
        [5, point(4)],
      ]),
    ).toEqual(['stale stale', 'fresh recovery']);
  });

  test('is announced again once a day while it is stale', () => {
    const day = 24 * 60;
    expect(
      story([
        [61, point(0)],
        [60 + day, point(0)],
        [61 + day, point(0)],
        [62 + day, point(0)],
        [61 + 2 * day, point(0)],
      ]),
    ).toEqual(['stale stale', 'stale -', 'stale stale again', 'stale -', 'stale stale again']);
  });

  test('a catalogue that is away makes nothing stale before its time, and says why then', () => {
    expect(
      story([
        [10, point(0)],
        [20, away],
        [60, away],
        [61, away],
        [62, away],
        [63, point(30)],
      ]),
    ).toEqual(['fresh -', 'fresh -', 'fresh -', 'stale stale (away)', 'stale -', 'fresh recovery']);
  });

  test('a catalogue that was never seen is stale when it was away for the time of the objective', () => {
    expect(
      story([
        [0, away],
        [60, away],
        [61, away],
      ]),
    ).toEqual(['fresh -', 'fresh -', 'stale stale (away)']);
  });

  test('a stale one names the backup that was skipped; a fresh one needs no reason', () => {
    const skipped = 'the last backup was skipped: a restore holds the platform';
    const judged = (minute: number) =>
      judgeFreshness({
        objectiveMinutes: 60,
        observation: { ...point(0), skipped },
        last: undefined,
        now: at(minute),
      }).news;
    expect(judged(61)).toMatchObject({ event: 'stale', skipped });
    expect(judged(59)).toBeUndefined();
  });

  test('without an objective nothing is measured; the first look with one counts as the first', () => {
    expect(story([[1000, point(0)]], {})).toEqual(['unmeasured -']);
    const last: Freshness = { version: 1, state: 'unmeasured', since: at(0) };
    const { news } = judgeFreshness({ objectiveMinutes: 60, observation: point(0), last, now: at(100) });
    expect(news?.event).toBe('stale');
  });

  test('news that a receiver missed are kept until they are delivered or superseded', () => {
    const { next, news } = judgeFreshness({
      objectiveMinutes: 60,
      observation: point(0),
      last: undefined,
      now: at(61),
    });
    const untold = { news: news!, receivers: ['notifications[1]'] };
    const later = judgeFreshness({
      objectiveMinutes: 60,
      observation: point(0),
      last: { ...next, untold },
      now: at(62),
    });
    expect(later).toMatchObject({ next: { untold } });
    expect(later.news).toBeUndefined();
    const over = judgeFreshness({ objectiveMinutes: 60, observation: point(62), last: later.next, now: at(63) });
    expect(over.news).toMatchObject({ event: 'recovery', staleSince: at(61) });
    expect(over.next.untold).toBeUndefined();
  });

  test.each([
    undefined,
    null,
    'text',
    {},
    { version: 2, state: 'stale', since: at(0) },
    { version: 1, state: 'odd', since: at(0) },
  ])('what another left is no state: %j', (given) => expect(freshnessOf(given)).toBeUndefined());
});
