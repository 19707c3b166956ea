import { test, texts } from './incident-scene.ts';

test('a tool that does not answer is asked again, way by way; one that refuses stands in the incident', async ({
  openScene,
}) => {
  const asked: (string[] | undefined)[] = [];
  const { startIncident } = await openScene({
    overrides: {
      tellIncident: ({ only }) => {
        asked.push(only);
        if (asked.length === 1)
          return Promise.resolve([
            { to: 'pagerduty note', trouble: 'api.example: it answered 503', again: true as const },
            { to: 'pagerduty change event', trouble: 'events.example: it answered 403' },
          ]);
        return Promise.resolve([{ to: 'pagerduty note' }]);
      },
    },
  });
  const incident = await startIncident('check');
  await incident.until(({ phase }) => phase === 'waiting for the incident to end');
  await incident.send({ what: 'resolved' });
  const { told } = await incident.result();
  expect(asked).toEqual([undefined, ['pagerduty note']]);
  expect(told.map(({ to, trouble }) => ({ to, trouble }))).toEqual([
    { to: 'pagerduty change event', trouble: 'events.example: it answered 403' },
    { to: 'pagerduty note', trouble: undefined },
  ]);
});

test('nothing of the incident waits for its tool; a source without a way back is said once', async ({ openScene }) => {
  const hanging = await openScene({ overrides: { tellIncident: () => Promise.reject(new Error('it hangs')) } });
  const silent = await openScene({ overrides: { tellIncident: () => Promise.resolve([]) } });
  const [first, second] = await Promise.all([hanging.startIncident('restore'), silent.startIncident('restore')]);
  await first.proposal();
  await second.proposal();
  await Promise.all([first.send({ what: 'resolved' }), second.send({ what: 'resolved' })]);
  // It is over at once; the workflow lives on for the reports that wait.
  expect((await first.until(({ phase }) => phase === 'resolved')).run?.phase).toBe('refused');
  expect((await first.handle.describe()).status.name).toBe('RUNNING');
  const ended = await second.result();
  expect(ended.told).toEqual([]);
  expect(texts(ended.story).filter((text) => text.startsWith('Nothing is reported back to pagerduty'))).toHaveLength(1);
});

test('cancelled while its tool is away: one more attempt, and what was not reported is recorded', async ({
  openScene,
}) => {
  const { startIncident } = await openScene({
    overrides: {
      tellIncident: () => Promise.resolve([{ to: 'pagerduty note', trouble: 'it answered 503', again: true as const }]),
    },
  });
  const incident = await startIncident('check');
  await incident.until(({ phase }) => phase === 'waiting for the incident to end');
  await incident.handle.cancel();
  await incident.result().catch(() => undefined);
  const { phase, told } = await incident.state();
  expect(phase).toBe('resolved');
  expect(told.map(({ trouble }) => trouble)).toEqual(['it answered 503', 'it answered 503']);
});
