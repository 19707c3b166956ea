import { withElasticsearch } from '../../../stack/clients.ts';
import { engineNow, expectMessage } from '../faults-tools/message.ts';
import { type PlatformFile, useVariants, type Variants } from '../faults-tools/variants.ts';
import { type EngineSnapshot, type Scenario, useScenario } from '../harness/index.ts';

// What the files of this folder share. Imports see the present values of what `useRefusals` sets.

export const wrongSecret = 'wrong-and-never-to-be-shown';
export let scenario: Scenario;
export let variants: Variants;
export let name: string;
/** A recovery point, in a catalogue of its own, whose snapshot was deleted in the repository. */
export let hollow: string;
export let wrongSecretFile: string;
let before: EngineSnapshot;

/** From now on the engine must stay as it is. */
export const lookAtEngine = async () => void (before = await engineNow());
export const expectEngineAsBefore = async () => expect(await engineNow()).toEqual(before);

export function useRefusals(): void {
  scenario = useScenario();
  variants = useVariants(scenario);
  beforeAll(async () => {
    name = scenario.platform.project;
    wrongSecretFile = await variants.file('wrong-secret', wrongSecret);
    await variants.startWorker();
    await variants.write(ownCatalogue);
    const taken = await variants.rekindle(['backup', name, '--json']);
    hollow = (taken.json as { recoveryPoint: { id: string } }).recoveryPoint.id;
    await withElasticsearch(scenario.platform, (client) =>
      client.snapshot.delete({ repository: 's3_backup', snapshot: `snapshot.${hollow}` }),
    );
    await lookAtEngine();
  });
  beforeEach(() => variants.write());
}

export const ownCatalogue = (file: PlatformFile) => (file.catalogue['prefix'] = 'hollow');
export const wrongStoreSecret = (file: PlatformFile) => {
  file.stores[0]!.secrets['s3.client.default.secret_key'] = { file: wrongSecretFile };
};
export const missingBucket = (file: PlatformFile) => {
  file.stores[0]!.repository.name = 's3_elsewhere';
  file.stores[0]!.repository.settings['bucket'] = 'no-such-bucket-here';
};
export const missingType = (file: PlatformFile) => {
  file.stores[0]!.repository.name = 'gcs_backup';
  file.stores[0]!.repository.type = 'gcs';
};

/** By the whole way of a restore, which ends with exit code 3 and an engine as it was. */
export async function restoreRefused(
  edit: (file: PlatformFile) => unknown,
  says: (string | RegExp)[],
  args: string[] = [],
) {
  await variants.write(edit);
  const ended = await variants.rekindle(['restore', name, '--yes', ...args]);
  await expectMessage(scenario, ended, 3, ['nothing was touched', ...says]);
  expect(ended.stdout + ended.stderr).not.toContain(wrongSecret);
  await expectEngineAsBefore();
}

/** By preflight alone, which needs neither Temporal nor a worker. */
export async function checkRefused(edit: (file: PlatformFile) => unknown, says: (string | RegExp)[]) {
  await variants.write(edit);
  const ended = await variants.rekindle(['check', name]);
  await expectMessage(scenario, ended, 3, says);
  expect(ended.stdout + ended.stderr).not.toContain(wrongSecret);
}

export const says = {
  wrongSecret: [/SignatureDoesNotMatch/, /access key and secret key/],
  missingBucket: [/no-such-bucket-here/, /NoSuchBucket/, /Create the bucket, or correct its name/],
};
