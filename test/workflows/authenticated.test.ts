import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { sealActivities } from '../../activities/seals.ts';
import { sealed } from '../../client/sealed.ts';
import type { Sealer } from '../../domain/seal.ts';
import { openSealer } from '../../operations/access/seal.ts';
import type { Dependencies } from '../../operations/open-platform.ts';
import { approve, decide, reject, release, rollback } from '../../workflows/messages.ts';
import { refusal } from './fake-platform.ts';
import { inPhase, type OpenScene, openScenes, progressOf, testWith } from './scene.ts';

/** Scenes whose platform file demands authenticated names, and the gateway that the worker knows. */
const test = testWith((atEnd) => ({
  openGuarded: async (options: Parameters<OpenScene>[0] = {}) => {
    const folder = await mkdtemp(join(tmpdir(), 'rkt-authenticated-'));
    atEnd(() => rm(folder, { recursive: true, force: true }));
    const environment = { approvalKeysFile: join(folder, 'gateway-key.pub.pem') };
    const scene = await openScenes(atEnd)({
      policy: { approval: 'required', approvers: ['ann', 'bob'], authenticated: true },
      overrides: sealActivities({ environment } as Dependencies),
      ...options,
    });
    return { ...scene, gateway: await openSealer(folder), folder };
  },
}));

const refusalOf = (update: Promise<unknown>) =>
  update.then(
    () => 'accepted',
    (error: unknown) => (error as { cause?: Error }).cause?.message ?? String(error),
  );

async function approveBy(handle: WorkflowHandle, said: { planHash: string; by: string }, gateway?: Sealer) {
  const word = await sealed(handle, 'approve', said, gateway);
  return handle.executeUpdate(approve, { args: [word] });
}

test('a name that somebody typed does not count, not even when starting; one that the gateway knows does', async ({
  openGuarded,
}) => {
  const { start, restorePlan, gateway, journal } = await openGuarded();
  const handle = await start('restore', { approvedBy: 'ann' });
  const { notes, approvals } = await inPhase(handle, 'waiting for approval');
  expect([notes, approvals]).toEqual([[expect.stringContaining('The approval of ann at the start')], []]);
  const said = { planHash: restorePlan.hash, by: 'ann' };
  const typed = await refusalOf(approveBy(handle, said));
  expect(typed).toMatch(
    /^"approve" by ann does not count: no gateway vouches for it\. .*the gateway's page, or .*--gateway$/,
  );
  expect(journal.began).toEqual([]);
  expect(await approveBy(handle, said, gateway)).toContain('approved by ann');
  expect(await handle.result()).toMatchObject({ verdict: 'pass', approvals: [{ by: 'ann', how: 'authenticated' }] });
});

test('a seal for something else, of another gateway, or one that was used, counts for nothing', async ({
  openGuarded,
}) => {
  const { start, restorePlan, gateway, folder } = await openGuarded({
    policy: { approval: 'required', approvalsNeeded: 2, authenticated: true },
  });
  const one = await start('restore');
  const other = await (await openGuarded()).start('restore');
  await inPhase(one, 'waiting for approval');
  const said = { planHash: restorePlan.hash, by: 'ann' };
  const word = await sealed(one, 'approve', said, gateway);
  const send = (changed: Partial<typeof word>) =>
    refusalOf(one.executeUpdate(approve, { args: [{ ...word, ...changed }] }));
  expect(await send({ by: 'bob' })).toContain('its signature is of no gateway');
  const elsewhere = await sealed(other, 'approve', said, gateway);
  expect(await send(elsewhere)).toContain('its signature is of no gateway');
  const stranger = await openSealer(join(folder, 'stranger'));
  expect(await send(await sealed(one, 'approve', said, stranger))).toContain('its signature is of no gateway');
  const both = await Promise.all([send({}), send({})]);
  expect(both.filter((answer) => answer === 'accepted')).toHaveLength(1);
  expect(await send({})).toMatch(/already approved/);
  expect((await progressOf(one)).approvals).toMatchObject([{ by: 'ann' }]);
});

test('rejecting, deciding, rolling back and releasing demand the same', async ({ openGuarded }) => {
  const scene = await openGuarded({
    policy: { authenticated: true },
    onStep: (what, attempt) => {
      if (what === 'restoreIndices documents' && attempt === 1) throw refusal('RestoreFailed', 'a shard is missing');
      return undefined;
    },
  });
  const { start, gateway, client } = scene;
  const handle = await start('restore');
  const { pendingDecisions } = await inPhase(handle, 'waiting for decision');
  const said = { step: pendingDecisions[0]?.step ?? '', choice: 'retry', by: 'ann' } as const;
  expect(await refusalOf(handle.executeUpdate(decide, { args: [said] }))).toContain('no gateway vouches');
  await handle.executeUpdate(decide, { args: [await sealed(handle, 'decide', said, gateway)] });
  const again = await refusalOf(handle.executeUpdate(reject, { args: [{ by: 'ann' }] }));
  expect(again).toContain('nothing waits for approval');
  await handle.result();
  const quarantine = client.workflow.getHandle(`quarantine/${handle.workflowId}`);
  for (const word of [rollback, release])
    expect(await refusalOf(quarantine.executeUpdate(word, { args: [{ by: 'ann' }] }))).toContain('no gateway vouches');
  const word = await sealed(quarantine, 'release', { by: 'ann' }, gateway);
  expect(await refusalOf(quarantine.executeUpdate(rollback, { args: [word] }))).toContain('no gateway whose key');
  expect(await quarantine.executeUpdate(release, { args: [word] })).toContain('requested by ann');
});

test('a rejection needs a known name, too', async ({ openGuarded }) => {
  const { start, gateway } = await openGuarded();
  const handle = await start('restore');
  await inPhase(handle, 'waiting for approval');
  const said = { by: 'ann', reason: 'not tonight' };
  expect(await refusalOf(handle.executeUpdate(reject, { args: [said] }))).toContain('no gateway vouches');
  const word = await sealed(handle, 'reject', said, gateway);
  expect(await handle.executeUpdate(reject, { args: [word] })).toBe('rejected by ann');
});

test('a worker without the key says where it belongs', async ({ openGuarded }) => {
  const { start, restorePlan, gateway, folder } = await openGuarded();
  const handle = await start('restore');
  await inPhase(handle, 'waiting for approval');
  await rm(join(folder, 'gateway-key.pub.pem'));
  const answer = await refusalOf(approveBy(handle, { planHash: restorePlan.hash, by: 'ann' }, gateway));
  expect(answer).toMatch(/gateway-key\.pub\.pem cannot be read: ENOENT .*REKINDLE_APPROVAL_KEYS/);
});
