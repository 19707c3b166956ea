import { expectMessage } from '../faults-tools/message.ts';
import {
  expectEngineAsBefore,
  hollow,
  name,
  ownCatalogue,
  restoreRefused,
  says,
  scenario,
  useRefusals,
  variants,
  wrongSecret,
  wrongSecretFile,
  wrongStoreSecret,
} from './refusals.ts';

// cspell:ignore hoose

// What can be wrong between the platform file and the snapshot repository: told before anything is stopped. The tests run in
// this order; with Elasticsearch dead, when only the bucket can be asked: elasticsearch-dead.long.test.ts.

useRefusals();

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
  await expectEngineAsBefore();
});

test('a recovery point whose snapshot is gone', () =>
  restoreRefused(
    ownCatalogue,
    [new RegExp(`snapshot.${hollow}`), /[Cc]hoose another recovery point/],
    ['--point', hollow],
  ));
