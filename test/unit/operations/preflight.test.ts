import { checkImages, imagesNeeded } from '../../../operations/preflight/images.ts';
import { runCheck } from '../../../operations/observation.ts';
import { checkNetworks } from '../../../operations/preflight/networks.ts';
import { checkSecrets } from '../../../operations/preflight/secrets.ts';
import { checkServices, checkOtherContainers } from '../../../operations/preflight/services.ts';
import { checkSource } from '../../../operations/preflight/sources.ts';
import { checkVolumes } from '../../../operations/preflight/volumes.ts';
import { resolveSecret } from '../../../config/secrets.ts';
import { Failure, failureKinds } from '../../../domain/failures.ts';
import { storesOfKind, type Platform } from '../../../domain/platform.ts';
import { demoCapture, demoObserved, demoPlatform, demoSituation, whollyGone } from '../../demo-situation.ts';
import { expectedSet } from './preflight-seen.ts';

// Checks of the platform itself, each failing alone. Those of its Elasticsearch: preflight-store.test.ts.

test('services: an unknown name', () => {
  const platform = demoPlatform();
  platform.deployment.core.push('mailer');
  expect(checkServices(demoSituation({ platform }))).toMatchObject({
    verdict: 'fail',
    evidence: 'Neither on the engine nor in the capture: mailer',
  });
  expect(checkServices(demoSituation({ observed: whollyGone() }))).toMatchObject({ verdict: 'pass' });
});

test('other containers: one on the data network', () => {
  const container = (name: string, network = 'demo_back') => ({
    container: name,
    network,
    answersTo: [name, '10.0.0.7'],
  });
  const look = (otherContainers: ReturnType<typeof container>[], storage: string[] = []) =>
    checkOtherContainers(demoSituation({ observed: { ...demoObserved(), otherContainers } }), new Set(storage));
  expect(look([container('grafana'), container('shell', 'container:demo_elasticsearch_1')])).toMatchObject({
    verdict: 'fail',
    evidence: expect.stringContaining(
      'grafana (on demo_back), shell (in the network of demo_elasticsearch_1)',
    ) as string,
  });
  // The S3 server of the repository, by its name or its address.
  for (const storage of ['minio', '10.0.0.7'])
    expect(look([container('minio')], [storage])).toMatchObject({
      verdict: 'pass',
      evidence: expect.stringContaining('minio serves the backups and is not stopped') as string,
    });
  expect(look([], ['api'])).toMatchObject({
    verdict: 'fail',
    evidence: 'api serves the backups, and the restore would stop it',
  });
});

test('volumes: used by others, of another driver, with options, not to be renamed', () => {
  const change = (volume: object) => {
    const observed = demoObserved();
    Object.assign(observed.volumes[0]!, volume);
    return checkVolumes(demoSituation({ observed }));
  };
  expect(change({})).toMatchObject({ verdict: 'pass' });
  expect(change({ usedBy: ['demo_elasticsearch_1', 'other'] })).toMatchObject({
    verdict: 'fail',
    evidence: 'demo_es-data is also used by other',
  });
  expect(change({ driver: 'nfs' }).evidence).toContain('(driver nfs) cannot be set aside');
  expect(change({ hasOptions: true }).evidence).toContain('(driver local with options) cannot be set aside');
  expect(change({ immovable: 'it lies on another file system than its quarantine' })).toMatchObject({
    verdict: 'fail',
    evidence: 'demo_es-data cannot be set aside: it lies on another file system than its quarantine',
    remedy: expect.stringContaining('Docker Root Dir') as string,
  });
});

test('volumes: deployment.volumes names what nothing mounts; one data folder in another', () => {
  const platform = demoPlatform();
  platform.deployment.volumes = { 'demo_es-dat': 'keep' };
  expect(checkVolumes(demoSituation({ platform }))).toMatchObject({
    verdict: 'fail',
    evidence:
      'deployment.volumes names "demo_es-dat", which no service of the platform mounts; did you mean "demo_es-data"?',
    remedy: 'Correct deployment.volumes; mounted are: demo_es-data, demo_zk-data, demo_zk-log',
  });
  const situation = demoSituation();
  for (const container of [...situation.observed.containers, ...situation.capture.containers])
    for (const [index, mount] of container.mounts.entries())
      Object.assign(mount, { type: 'bind', source: index === 0 ? '/srv' : '/srv/below' });
  expect(checkVolumes(situation)).toMatchObject({
    verdict: 'fail',
    evidence: 'The data folder /srv/below lies in the data folder /srv',
  });
});

test('networks: gone and not in the capture', () => {
  expect(checkNetworks(demoSituation())).toMatchObject({ verdict: 'pass', evidence: '1 of 1 are present' });
  expect(checkNetworks(demoSituation({ observed: whollyGone() }))).toMatchObject({
    verdict: 'pass',
    evidence: '0 of 1 are present; created from the capture: demo_back',
  });
  const capture = demoCapture();
  capture.containers[0]!.networks.push('shared', 'bridge', 'container:vpn');
  expect(checkNetworks(demoSituation({ capture }))).toEqual({
    name: 'networks',
    verdict: 'fail',
    evidence: 'shared (of demo_elasticsearch_1) is missing, and the capture does not hold it',
    remedy: 'Create it as it was: docker network create shared',
  });
});

test('images: each that is missing is named, whatever needs it', async () => {
  const capture = demoCapture();
  capture.containers.forEach((container) => (container.image.digest = `sha256:${container.service}`));
  const platform = demoPlatform();
  const store: Platform['stores'][number] = {
    name: 'search',
    kind: 'container',
    service: 'zookeeper',
    image: 'tools/reindex:2',
    arguments: [],
    environment: {},
    timeoutSeconds: 60,
  };
  platform.stores.push(store);
  const situation = demoSituation({ capture, platform, observed: whollyGone() });
  const missing = new Set(['stack/api:1', 'tools/reindex:2']);
  const docker = {
    ensureImage: ({ reference }: { reference: string }) =>
      missing.has(reference)
        ? Promise.reject(
            new Failure('ImageMissing', { message: `Image ${reference} is missing`, remedy: `Load ${reference}` }),
          )
        : Promise.resolve(reference),
  };
  expect(await checkImages(docker, situation)).toEqual({
    name: 'images',
    verdict: 'fail',
    evidence: '2 of 6 are missing: Image stack/api:1 is missing; Image tools/reindex:2 is missing',
    remedy: 'Load stack/api:1; Load tools/reindex:2',
  });
  missing.clear();
  expect(await checkImages(docker, situation)).toMatchObject({ verdict: 'pass' });
  // All is there: only what moves the volumes and rebuilds the store is needed. Removed with its volume, it is created anew.
  const references = (volumes: 'quarantine' | 'remove') =>
    imagesNeeded(demoSituation({ capture, platform, volumes })).map(({ reference }) => reference);
  expect(references('quarantine')).toEqual(['stack/elasticsearch:1', 'tools/reindex:2']);
  expect(references('remove')).toContain('stack/zookeeper:1');
});

test('secrets: all that are missing at once, of stores, catalogue, containers and passwords', async () => {
  const platform = demoPlatform();
  const [documents] = storesOfKind(platform, 'elasticsearch');
  Object.assign(documents!, {
    secrets: { 'a.key': { env: 'A' }, 'b.key': { env: 'B' } },
    password: { env: 'PASSWORD' },
  });
  platform.stores.push({
    name: 'search',
    kind: 'container',
    service: 'zookeeper',
    image: 'i',
    arguments: [],
    environment: { TOKEN: { env: 'TOKEN' }, MODE: 'plain' },
    timeoutSeconds: 60,
  });
  platform.catalogue = {
    kind: 's3',
    bucket: 'c',
    prefix: '',
    region: 'r',
    accessKey: { env: 'CA' },
    secretKey: { env: 'CS' },
  };
  const all = { A: '1', B: '2', PASSWORD: '3', TOKEN: '4', CA: '5', CS: '6' };
  const exposed: { what: string; remedy: string }[] = [];
  const look = (variables: Record<string, string>, identity = () => Promise.resolve('AGE')) =>
    checkSecrets({
      platform,
      identity,
      secret: (reference, purpose) => resolveSecret(reference, purpose, variables),
      exposedKeys: () => Promise.resolve(exposed),
    });
  expect(await look(all)).toMatchObject({
    verdict: 'pass',
    evidence: "The capture's key and 6 secrets of the platform file can be read",
  });
  exposed.push({ what: 'UNPROTECTED KEY FILE /k', remedy: 'chmod 600 /k' });
  expect(await look(all)).toMatchObject({
    verdict: 'pass',
    warning: true,
    evidence: expect.stringContaining('UNPROTECTED KEY FILE /k') as string,
    remedy: 'chmod 600 /k',
  });
  const none = await look({ B: 'value-of-b' });
  expect(none).toMatchObject({ verdict: 'fail', evidence: expect.stringContaining('5 of 7 are missing') as string });
  for (const name of [
    'documents.a.key',
    'documents.password',
    'search.environment.TOKEN',
    'catalogue.accessKey',
    'catalogue.secretKey',
  ])
    expect(none.evidence).toContain(`"${name}"`);
  expect(none.evidence).not.toContain('value-of-b');
  const key = () =>
    Promise.reject(new Failure('MissingKey', { message: 'there is no key file', remedy: 'bring the key' }));
  expect(await look(all, key)).toMatchObject({ verdict: 'fail', remedy: 'bring the key' });
});

test('source: the index from which a queue is rebuilt', () => {
  const [queue] = storesOfKind(demoPlatform(), 'zookeeper-queue');
  const from = (index: string) => checkSource({ ...queue!, from: { ...queue!.from, index } }, expectedSet());
  expect(from('nuvla-job')).toMatchObject({ name: 'source jobs', verdict: 'pass' });
  expect(from('jobs')).toMatchObject({ verdict: 'pass' });
  expect(from('nuvla-other')).toMatchObject({
    verdict: 'fail',
    evidence: expect.stringContaining('nuvla-other is not among the 2 indices') as string,
  });
  expect(from('nuvla-old')).toMatchObject({
    verdict: 'fail',
    evidence: expect.stringContaining('is closed') as string,
  });
});

test('an observation that fails is a failed check; unexpected errors are thrown', async () => {
  const failure = new Failure('ImageMissing', { message: 'no image', remedy: 'load it' });
  expect(await runCheck('images', () => Promise.reject(failure))).toMatchObject({
    verdict: 'fail',
    evidence: 'no image',
  });
  await expect(runCheck('images', () => Promise.reject(new TypeError('a fault')))).rejects.toThrow('a fault');
});

test('an engine that fails during an observation proves nothing: the observation is repeated', async () => {
  const away = new Failure('DockerUnreachable', { message: 'no engine', remedy: 'start it' });
  await expect(runCheck('images', () => Promise.reject(away))).rejects.toBe(away);
  expect(failureKinds.DockerUnreachable.retryable).toBe(true);
});
