import { tmpdir } from 'node:os';
import { engine, PROJECT_LABEL, SERVICE_LABEL } from '../../../stack/engine.ts';
import { container, name, restoreRefused, scenario, useStrangers, variants, volumes } from './strangers.ts';

// Volumes that somebody else uses, or that cannot be set aside.

useStrangers();

test("a data volume is also somebody else's", async () => {
  const [volume = ''] = scenario.platform.volumes.elasticsearch;
  await container('sharer', { volume });
  await restoreRefused([`${volume} is also used by ${name}-sharer`, /Stop and remove the other users of/]);
  await restoreRefused([`${volume} is also used by ${name}-sharer`], '--volumes', 'remove');
});

test('a volume whose options hide a bind mount cannot be set aside', async () => {
  const labels = { [PROJECT_LABEL]: name };
  const volume = `${name}_bound`;
  volumes.push(volume);
  const DriverOpts = { type: 'none', o: 'bind', device: tmpdir() };
  await engine().createVolume({ Name: volume, Driver: 'local', DriverOpts, Labels: labels });
  await container('bound', { volume, labels: { ...labels, [SERVICE_LABEL]: 'bound' } });
  await variants.write(({ deployment }) => {
    deployment.data.push('bound');
    // No store keeps its data there, so the file must say that it goes.
    deployment.volumes = { [volume]: 'data' };
  });
  await restoreRefused([`${volume} (driver local with options) cannot be set aside by a rename`, /plain local volume/]);
});
