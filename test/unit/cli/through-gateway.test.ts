import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo as Address } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { accept } from '../../../cli/commands/accept.ts';
import { approve } from '../../../cli/commands/approve.ts';
import { backup } from '../../../cli/commands/backup.ts';
import { cancel } from '../../../cli/commands/cancel.ts';
import { check } from '../../../cli/commands/check.ts';
import { fleet } from '../../../cli/commands/fleet.ts';
import { decide } from '../../../cli/commands/decide.ts';
import { pin } from '../../../cli/commands/pin.ts';
import { points } from '../../../cli/commands/points.ts';
import { quarantines } from '../../../cli/commands/quarantines.ts';
import { reject } from '../../../cli/commands/reject.ts';
import { report } from '../../../cli/commands/report.ts';
import { restore } from '../../../cli/commands/restore.ts';
import { rollback } from '../../../cli/commands/rollback.ts';
import { runs } from '../../../cli/commands/runs.ts';
import { status } from '../../../cli/commands/status.ts';
import { unpin } from '../../../cli/commands/unpin.ts';
import type { Command, Options } from '../../../cli/command.ts';
import { makeProgram } from '../../../cli/program.ts';
import type { Toolbox } from '../../../cli/toolbox.ts';
import { runCommand } from '../../run-command.ts';
import { atEnd, makeToken, state, useState } from '../gateway/access-scene.ts';
import { openApiScene, type ApiScene } from '../gateway/api/api-scene.ts';
import { planHash, restoreId, waiting } from '../gateway/api/fake-desk.ts';
import { fleetRun, waveHash } from '../gateway/api/fake-fleets.ts';

useState();

const at = (scene: { url: string }, more: Record<string, string> = {}) => {
  const variables = { REKINDLE_GATEWAY_URL: `${scene.url}/`, TEMPORAL_ADDRESS: '127.0.0.1:1', ...more };
  return (command: Command, args: string[], options?: Options) => runCommand(variables, command, args, options);
};

/** From the next look on, the run has ended. */
function passes({ desk }: ApiScene): void {
  desk.progress = { ...waiting, phase: 'passed', verdict: 'pass', finishedAt: '2026-11-21T09:40:00.000Z' };
}

test('what a person looks at: the overview, runs, a run that waits, quarantines, a report', async () => {
  const scene = await openApiScene();
  const point = await scene.catalogue.passes(600);
  const run = at(scene);
  const all = await run(status, []);
  expect(all).toMatchObject({
    exitCode: 0,
    documents: [{ platforms: [{ platform: 'nuvla', newestGood: { id: point } }] }],
  });
  expect(all.said).toMatch(new RegExp(`newest point +${point}, data 10 min old; RPO 1 h 0 min`));
  expect(await run(runs, ['nuvla'])).toMatchObject({ exitCode: 0, documents: [{ runs: [{ id: restoreId }] }] });
  const one = await run(status, ['nuvla']);
  expect(one).toMatchObject({ exitCode: 4, documents: [{ run: restoreId, plan: { hash: planHash } }] });
  expect(one.said).toContain(`rekindle approve ${restoreId} --hash ${planHash}`);
  expect((await run(quarantines, [])).said).toContain(`rekindle rollback ${restoreId}`);
  expect(await run(report, ['backup/nuvla/1'])).toMatchObject({
    documents: [{ run: 'backup/nuvla/1', phase: 'passed' }],
  });
});

test('points, pins and checks, with the documents that the commands have without a gateway', async () => {
  const scene = await openApiScene();
  const older = await scene.catalogue.passes(7200);
  const point = await scene.catalogue.passes(600);
  await scene.catalogue.catalogue.mark(older, 'suspect', {
    at: new Date().toISOString(),
    run: 'backup/nuvla/1',
    note: 'gone',
  });
  const run = at(scene);
  expect(await run(points, ['nuvla'])).toMatchObject({
    exitCode: 0,
    documents: [
      { platform: 'nuvla', points: [{ id: point }, { id: older, suspect: true }], unfinished: [], warnings: [] },
    ],
  });
  expect(await run(pin, ['nuvla', 'latest'])).toMatchObject({
    exitCode: 0,
    documents: [{ platform: 'nuvla', point, by: 'ann', changed: true }],
    said: `${point} is pinned by ann: no prune removes it`,
  });
  expect(await run(unpin, ['nuvla', point])).toMatchObject({ documents: [{ unpinned: ['person/ann'], left: [] }] });
  const word = { by: 'ann', reason: 'on purpose' };
  expect(await run(accept, ['nuvla', older], word)).toMatchObject({ documents: [{ ...word, suspectFor: 'gone' }] });
  expect(await run(check, ['nuvla'])).toMatchObject({
    exitCode: 0,
    documents: [{ platform: 'nuvla', verdict: 'pass' }],
  });
  expect(await run(restore, ['nuvla'], { by: 'ann', dryRun: true })).toMatchObject({ exitCode: 0 });
});

test('a backup is followed to its end; a restore until it waits for approval', async () => {
  const scene = await openApiScene();
  const run = at(scene);
  expect(await run(restore, ['nuvla'], { by: 'ann', point: 'latest' })).toMatchObject({
    exitCode: 4,
    documents: [{ phase: 'waiting for approval', planHash }],
  });
  passes(scene);
  expect(await run(backup, ['nuvla'])).toMatchObject({ exitCode: 0, documents: [{ phase: 'passed' }] });
  expect(scene.desk.journal[0]).toBe(
    'start restore {"platform":"nuvla","point":"latest","startedBy":{"how":"command line","name":"ann"}}',
  );
  expect(scene.desk.journal[1]).toMatch(/^start backup .*"how":"command line","name":"[^"]+"}}$/);
  expect(await run(backup, ['nuvla'], { beforeDeploy: true })).toMatchObject({ exitCode: 0 });
  expect(scene.desk.journal[2]).toMatch(/^start backup .*"reason":"before a deployment"/);
});

test('words: approve, reject, decide, cancel, roll back; --yes approves when there is a plan', async () => {
  const scene = await openApiScene();
  const run = at(scene);
  for (const [command, args, options] of [
    [approve, ['nuvla'], { by: 'ann', hash: planHash.slice(0, 8) }],
    [reject, ['nuvla'], { by: 'ann', reason: 'false alarm' }],
    [cancel, [restoreId], {}],
    [decide, ['nuvla', 'retry'], { by: 'ann' }],
  ] as const)
    expect(await run(command, [...args], options)).toMatchObject({ exitCode: 0, documents: [{ run: restoreId }] });
  const { desk } = scene;
  const approved = desk.approve.bind(desk);
  desk.approve = (reference, word) => {
    passes(scene);
    return approved(reference, word);
  };
  expect(await run(restore, ['nuvla'], { by: 'ann', yes: true })).toMatchObject({ exitCode: 0 });
  expect(await run(rollback, [restoreId], { by: 'ann' })).toMatchObject({ exitCode: 0 });
  expect(desk.journal.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
    `approve ${restoreId}`,
    'reject nuvla',
    `cancel ${restoreId}`,
    'decide nuvla',
    'start restore',
    expect.stringMatching(/^approve restore\//) as string,
    `rollback ${restoreId}`,
  ]);
});

test('a fleet: status with the phases of its restores, approve by the beginning of the hash, pause, resume, stop', async () => {
  const scene = await openApiScene();
  const run = at(scene);
  const status = await run(fleet, ['status', 'shops']);
  expect(status).toMatchObject({ exitCode: 4, documents: [{ fleet: 'shops', waveHash }] });
  expect(status.said).toContain(`rekindle fleet approve shops --hash ${waveHash}`);
  expect(status.said).toMatch(new RegExp(`nuvla .*running \\(planning\\) +${fleetRun}`));
  const approved = await run(fleet, ['approve', 'shops'], { by: 'ann', hash: waveHash.slice(0, 8) });
  expect(approved).toMatchObject({
    exitCode: 0,
    documents: [{ fleet: 'shops', planHash: waveHash, answer: 'approve: done' }],
  });
  for (const word of ['pause', 'resume', 'stop'])
    expect(await run(fleet, [word, 'shops'], { by: 'ann', reason: 'slow' })).toMatchObject({ exitCode: 0 });
  expect(scene.fleets.journal).toEqual([
    `approve shops {"planHash":"${waveHash}","typed":"shops","by":"ann"}`,
    'pause shops {"by":"ann","reason":"slow"}',
    'resume shops {"by":"ann","reason":"slow"}',
    'stop shops {"by":"ann","reason":"slow"}',
  ]);
  expect((await run(fleet, ['status', 'others'])).failure).toMatchObject({
    kind: 'RunNotFound',
    remedy: 'Under way: shops',
  });
});

test('the gateway fails as the command would: the same kind, message and exit code', async () => {
  const run = at(await openApiScene());
  expect((await run(points, ['nowhere'])).failure).toMatchObject({
    kind: 'UnknownPlatform',
    remedy: 'known platforms: nuvla',
  });
  expect((await run(status, ['nothing'])).failure).toMatchObject({ kind: 'RunNotFound' });
  expect((await run(points, ['nuvla'], { adopt: true })).failure?.message).toBe(
    '--adopt does not work through a gateway',
  );
});

test('a token by variable or file; a wrong one says what to do', async () => {
  const scene = await openApiScene({ access: {} });
  const token = await makeToken('ann', 'viewer');
  const file = join(state, 'my-token');
  await writeFile(file, `${token}\n`);
  expect(await at(scene, { REKINDLE_TOKEN: token })(runs, [])).toMatchObject({ exitCode: 0 });
  expect(await at(scene, { REKINDLE_TOKEN_FILE: file })(runs, [])).toMatchObject({ exitCode: 0 });
  for (const variables of [{}, { REKINDLE_TOKEN: 'rkd_wrong' }] as Record<string, string>[])
    expect((await at(scene, variables)(runs, [])).failure).toMatchObject({
      kind: 'NotLoggedIn',
      remedy: expect.stringContaining('REKINDLE_TOKEN_FILE') as string,
    });
  expect((await at(scene, { REKINDLE_TOKEN: token })(pin, ['nuvla', 'latest'])).failure).toMatchObject({
    kind: 'NotAllowed',
  });
  expect((await at(scene, { REKINDLE_TOKEN_FILE: join(state, 'none') })(runs, [])).failure?.message).toMatch(
    /none cannot be read: ENOENT/,
  );
});

async function answering(listener: RequestListener): Promise<{ url: string }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => new Promise((resolve) => server.close(resolve)));
  return { url: `http://127.0.0.1:${(server.address() as Address).port}` };
}

test('nobody there, something else there, an older gateway, another version: each is told apart', async () => {
  const json =
    (status: number, body: object): RequestListener =>
    (_, answer) =>
      void answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  const failure = async (scene: { url: string }) => (await at(scene)(runs, [])).failure;
  expect(await failure({ url: 'http://127.0.0.1:1' })).toMatchObject({ kind: 'GatewayUnreachable' });
  expect(await failure({ url: 'ftp://example.org' })).toMatchObject({
    kind: 'InvalidArgument',
    message: expect.stringContaining('ftp://') as string,
  });
  expect((await failure({ url: 'http://me:secret@127.0.0.1:1' }))?.message).not.toContain('secret');
  const page = await answering((_, answer) => void answer.end('<html>hello</html>'));
  expect((await failure(page))?.message).toContain('is no Rekindle gateway with an API');
  const before = await answering(json(404, { message: 'Nothing answers GET', remedy: 'Request /' }));
  expect((await failure(before))?.message).toContain('is no Rekindle gateway with an API');
  const older = await answering(
    json(404, { failure: { kind: 'InvalidArgument', message: 'Nothing answers', remedy: '-' } }),
  );
  expect((await failure(older))?.message).toContain('it is older than this rekindle');
  const other = await answering(json(200, [{ id: 5 }]));
  expect((await failure(other))?.message).toMatch(/does not understand: 0\.id: /);
  const later = await answering(json(418, { failure: { kind: 'OfALaterVersion', message: 'No tea', remedy: 'Wait' } }));
  expect(await failure(later)).toMatchObject({ kind: 'RunFailed', message: 'No tea' });
});

test("what must run on the platform's side is refused", async () => {
  for (const command of [['validate', 'nuvla'], ['prune', 'nuvla'], ['worker'], ['up']]) {
    const program = makeProgram({} as Toolbox, () => undefined, '1');
    const work = program.parseAsync(['node', 'rekindle', ...command, '--gateway', 'http://127.0.0.1:1']);
    await expect(work).rejects.toMatchObject({
      kind: 'InvalidArgument',
      message: `"rekindle ${command[0]}" does not work through a gateway`,
    });
  }
});
