import { checkNow } from '../../client/check-now.ts';
import { isRunKind, listRuns } from '../../client/runs.ts';
import { ApplicationFailure } from '@temporalio/common';
import { failed } from '../../domain/checks.ts';
import { waitFor } from '../wait-for.ts';
import { refusal } from './fake-platform.ts';
import { gate, test } from './scene.ts';

test('a check answers with verdict, checks and plan; it is no run, holds no lock, and can be found', async ({
  openScene,
}) => {
  const { client, taskQueue, platform, restorePlan, journal } = await openScene();
  const found = await checkNow(client, taskQueue, platform);
  expect(found).toMatchObject({ verdict: 'pass', checks: [{ name: 'images' }], plan: { hash: restorePlan.hash } });
  expect(Date.parse(found.at)).toBeGreaterThan(0);
  expect(journal).toMatchObject({ began: [], reports: [], announced: [] });
  const query = `WorkflowType = "check" AND RekindlePlatform = "${platform}" AND RekindleVerdict = "pass"`;
  await waitFor(async () => {
    const ids: string[] = [];
    for await (const { workflowId } of client.workflow.list({ query })) ids.push(workflowId);
    expect(ids).toEqual([expect.stringMatching(`^check/${platform}/`)]);
  });
  expect(await listRuns(client, { platform })).toEqual([]);
  expect(isRunKind('check')).toBe(false);
  await expect(client.workflow.getHandle(`exclusive/${platform}`).describe()).rejects.toThrow();
});

test('what preflight refuses is an answer, also where no recovery point can be read', async ({ openScene }) => {
  const checks = [failed('recovery point', 'its capture is damaged', 'Choose another point')];
  const { client, taskQueue, platform } = await openScene({
    overrides: {
      assess: () =>
        Promise.reject(
          ApplicationFailure.create({
            type: 'PreflightRefused',
            message: 'No recovery point can be read back',
            nonRetryable: true,
            details: [{ remedy: '', checks }],
          }),
        ),
    },
  });
  const found = await checkNow(client, taskQueue, platform, { point: '2026-11-21t1000z' });
  expect(found).toMatchObject({ verdict: 'fail', checks });
  expect(found.plan).toBeUndefined();
});

test('a platform that cannot be read is the failure that it is', async ({ openScene }) => {
  const { client, taskQueue, platform } = await openScene({
    overrides: { locate: () => Promise.reject(refusal('UnknownPlatform', 'There is no platform of that name')) },
  });
  await expect(checkNow(client, taskQueue, platform)).rejects.toMatchObject({
    kind: 'UnknownPlatform',
    message: 'There is no platform of that name',
    remedy: 'Repair the test',
  });
});

test('no answer within the limit is said, and the check goes on', async ({ openScene }) => {
  const slow = gate();
  const { client, taskQueue, platform } = await openScene({
    overrides: ({ assess }) => ({ assess: (input) => slow.passed.then(() => assess(input)) }),
  });
  await expect(checkNow(client, taskQueue, platform, { timeoutMs: 1500 })).rejects.toMatchObject({
    kind: 'RunFailed',
    message: expect.stringContaining(`Preflight of ${platform} gave no answer within 1.5 s`) as string,
  });
  slow.open();
});
