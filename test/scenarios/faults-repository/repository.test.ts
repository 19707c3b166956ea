import { beforeAll, beforeEach, expect, test } from 'vitest';
import { elasticsearchClient } from '../../../stack/clients.ts';
import { startService, stopService } from '../../../stack/disasters.ts';
import { untilHealthy } from '../../../stack/wait.ts';
import { type EngineSnapshot, useScenario } from '../harness/index.ts';
import { engineNow, expectMessage, expectPassed } from '../faults-tools/message.ts';
import { streamRekindle } from '../faults-tools/streamed.ts';
import { outageSeconds, type PlatformFile, useVariants } from '../faults-tools/variants.ts';

// cspell:ignore hoose ucket

// What can be wrong between the platform file and the snapshot repository: told before anything is stopped, with
// Elasticsearch alive, and again with it dead, when only the bucket itself can be asked. The tests run in this order.

const scenario = useScenario();
const variants = useVariants(scenario);
const wrongSecret = 'wrong-and-never-to-be-shown';
let before: EngineSnapshot;
let name: string;
/** A recovery point, in a catalogue of its own, whose snapshot was deleted in the repository. */
let hollow: string;
let wrongSecretFile: string;

beforeAll(async () => {
  name = scenario.platform.project;
  wrongSecretFile = await variants.file('wrong-secret', wrongSecret);
  await variants.startWorker();
  await variants.write(ownCatalogue);
  const taken = await variants.rekindle(['backup', name, '--json']);
  const point = (taken.json as { recoveryPoint: { id: string } }).recoveryPoint.id;
  hollow = point;
  const client = await elasticsearchClient(scenario.platform);
  await client.snapshot.delete({ repository: 's3_backup', snapshot: `snapshot.${point}` });
  await client.close();
  before = await engineNow();
});
beforeEach(() => variants.write());

const ownCatalogue = (file: PlatformFile) => (file.catalogue['prefix'] = 'hollow');
const wrongStoreSecret = (file: PlatformFile) => {
  file.stores[0]!.secrets['s3.client.default.secret_key'] = { file: wrongSecretFile };
};
const missingBucket = (file: PlatformFile) => {
  file.stores[0]!.repository.name = 's3_elsewhere';
  file.stores[0]!.repository.settings['bucket'] = 'no-such-bucket-here';
};
const missingType = (file: PlatformFile) => {
  file.stores[0]!.repository.name = 'gcs_backup';
  file.stores[0]!.repository.type = 'gcs';
};

/** By the whole way of a restore, which ends with exit code 3 and an engine as it was. */
async function restoreRefused(edit: (file: PlatformFile) => unknown, says: (string | RegExp)[], args: string[] = []) {
  await variants.write(edit);
  const ended = await variants.rekindle(['restore', name, '--yes', ...args]);
  await expectMessage(scenario, ended, 3, ['nothing was touched', ...says]);
  expect(ended.stdout + ended.stderr).not.toContain(wrongSecret);
  expect(await engineNow()).toEqual(before);
}

/** By preflight alone, which needs neither Temporal nor a worker. */
async function checkRefused(edit: (file: PlatformFile) => unknown, says: (string | RegExp)[]) {
  await variants.write(edit);
  const ended = await variants.rekindle(['check', name]);
  await expectMessage(scenario, ended, 3, says);
  expect(ended.stdout + ended.stderr).not.toContain(wrongSecret);
}

const says = {
  wrongSecret: [/SignatureDoesNotMatch/, /access key and secret key/],
  missingBucket: [/no-such-bucket-here/, /NoSuchBucket/, /create the bucket, or mend its name/],
};

test('a wrong secret of the repository: the restore is refused', () =>
  restoreRefused(wrongStoreSecret, says.wrongSecret));

test('a wrong secret of the catalogue: neither backup nor restore begins', async () => {
  await variants.write((file) => (file.catalogue['secretKey'] = { file: wrongSecretFile }));
  for (const command of [
    ['backup', name],
    ['restore', name, '--yes'],
    ['points', name],
  ]) {
    const ended = await variants.rekindle(command);
    await expectMessage(scenario, ended, 1, says.wrongSecret);
    expect(ended.stdout + ended.stderr).not.toContain(wrongSecret);
  }
  expect(await engineNow()).toEqual(before);
});

test('a missing bucket: restore refused, backup failed', async () => {
  await checkRefused(missingBucket, says.missingBucket);
  const ended = await variants.rekindle(['backup', name]);
  await expectMessage(scenario, ended, 1, [/register repository s3_elsewhere/, /[Bb]ucket/, /Create the bucket/]);
});

test('a repository type that the nodes lack: restore refused, backup failed', async () => {
  await restoreRefused(missingType, [/no repository type "gcs" on /, /install its module or plugin on every node/]);
  const ended = await variants.rekindle(['backup', name]);
  await expectMessage(scenario, ended, 1, [/repository type \[gcs\] does not exist/, /every node/]);
});

test('a recovery point whose snapshot is gone', () =>
  restoreRefused(
    ownCatalogue,
    [new RegExp(`snapshot.${hollow}`), /[Cc]hoose another recovery point/],
    ['--point', hollow],
  ));

// Five scratch Elasticsearch start, one after the other.
test('the same with Elasticsearch dead', { timeout: 480_000 }, async () => {
  await stopService(scenario.platform, 'elasticsearch');
  before = await engineNow();
  await restoreRefused(ownCatalogue, [new RegExp(`snapshot.${hollow} is not in bucket`)], ['--point', hollow]);
  await checkRefused(wrongStoreSecret, says.wrongSecret);
  await checkRefused(missingBucket, says.missingBucket);
  // A scratch one of its image is asked in its stead.
  await checkRefused(missingType, [/no repository type "gcs" on /, /install its module or plugin on every node/]);
  await variants.write();
  expectPassed(await variants.rekindle(['check', name]));
});

test('Elasticsearch down at a backup: waited for within the limit, then a clear failure', async () => {
  const began = Date.now();
  const ended = await variants.rekindle(['backup', name]);
  await expectMessage(scenario, ended, 1, [
    new RegExp(`waiting: prepare store documents, for at most ${outageSeconds} s: elasticsearch does not listen`),
    /Port 9200 of container .* cannot be reached: it does not run/,
    /docker logs /,
  ]);
  // The limit, and on top of it the start of the program and of the run on a busy machine.
  expect(Date.now() - began).toBeLessThan((outageSeconds + 20) * 1000);
});

test('Elasticsearch comes back during a backup: it goes on and passes', async () => {
  await variants.write((file) => {
    ownCatalogue(file);
    file.restore['outageSeconds'] = 110;
  });
  const backup = streamRekindle(['backup', name], { ...scenario.environment, REKINDLE_PLATFORMS: variants.folder });
  await backup.saw(/waiting: prepare store documents/);
  await startService(scenario.platform, 'elasticsearch');
  expectPassed(await backup.ended);
  await untilHealthy(scenario.platform);
}, 150_000);
