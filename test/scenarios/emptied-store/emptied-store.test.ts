import type { RunProgress } from '../../../domain/runs/progress.ts';
import { loseDataVolumes } from '../../../stack/disasters.ts';
import { upAgain } from '../../../stack/up-again.ts';
import { expecting } from '../../expecting.ts';
import { expectAlive, expectPassed, facts, useScenario } from '../harness/index.ts';

const scenario = useScenario();

test('Elasticsearch lost its volume and began anew: the backup is suspect, and a restore takes the point before', async () => {
  const { platform, rekindle } = scenario;
  const { project } = platform;
  await loseDataVolumes(platform);
  await upAgain(platform);
  await scenario.startWorker();

  const ended = await rekindle(['backup', project, '--json']);
  expecting(ended, ended.stdout + ended.stderr).toMatchObject({
    exitCode: 1,
    json: { phase: 'failed', verdict: 'fail', failure: { kind: 'VerificationFailed' } },
  });
  const { recoveryPoint, failure } = ended.json as RunProgress;
  const suspect = recoveryPoint!.id;
  expect(failure?.message).toContain(`${suspect} is suspect, since `);
  expect(failure?.remedy).toContain(`rekindle accept ${project} ${suspect} --reason`);

  const { json } = await rekindle(['points', project, '--json']);
  const { points } = json as { points: { id: string; suspect?: true }[] };
  expect(points.filter((point) => point.suspect).map(({ id }) => id)).toEqual([suspect]);
  const refused = await rekindle(['restore', project, '--point', suspect, '--dry-run']);
  expect(refused.exitCode).toBe(3);
  expect(refused.stdout).toContain(`${suspect} is suspect`);

  await expectPassed(scenario, await rekindle(['restore', project, '--point', facts().point, '--yes', '--json']));
  await expectAlive(scenario);
});
