import { withHash } from '../../operations/with-hash.ts';
import { passed } from '../../domain/checks.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import { gatheredDrill, spreadCapture } from '../gathered-situation.ts';
import { spreadPlatform } from '../spread-situation.ts';
import { refusal, type FakeOptions } from './fake-platform.ts';
import { test } from './hosts-scene.ts';
import { failureOf } from './scene.ts';

// A drill of a platform on two hosts, on the engine of the one that is not the platform's own.

const platform = spreadPlatform();
const { plan } = gatheredDrill(
  { ...platform, drill: { core: ['api'], memoryBytes: 2 ** 31, processors: 1, host: 'other' } },
  spreadCapture(),
);
const drilling = (onStep?: FakeOptions['onStep']): Partial<FakeOptions> => ({
  ...(onStep && { onStep }),
  overrides: {
    prepareDrill: () => Promise.resolve({ plan: withHash(plan), checks: [passed('drill scene', 'on other')] }),
  },
});

test('all of its steps run on the host of its scene', async ({ openHosts }) => {
  const { start, places, journal } = await openHosts(drilling());
  const report = (await (await start('drill')).result()) as RunProgress;
  expect(report).toMatchObject({ phase: 'passed', verdict: 'pass' });
  expect(places.map(([what]) => what)).toEqual(expect.arrayContaining(['openScene', 'startService api', 'closeScene']));
  expect(new Set(places.map(([, host]) => host))).toEqual(new Set(['other']));
  expect(journal.proven).toEqual([report.recoveryPoint?.id]);
});

test('when it fails, the scene is closed where it was opened, and that engine is compared', async ({ openHosts }) => {
  const { start, places } = await openHosts(
    drilling((what) => {
      if (what === 'verifyIndices documents') throw refusal('VerificationFailed');
      return undefined;
    }),
  );
  expect(await failureOf(await start('drill'))).toMatchObject({ type: 'VerificationFailed' });
  expect(places.slice(-2)).toEqual([
    ['closeScene', 'other'],
    ['proveUntouched', 'other'],
  ]);
});
