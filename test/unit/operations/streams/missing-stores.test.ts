import { Failure } from '../../../../domain/failures.ts';
import { publishRecoveryPoint } from '../../../../operations/backup/publish-recovery-point.ts';
import { checkParts, checkServer } from '../../../../operations/preflight/streams.ts';
import { scrubParts } from '../../../../operations/streams/scrub-parts.ts';
import * as steps from '../../../../operations/streams/store-steps.ts';
import { useAtEnd } from '../../../at-end.ts';
import { postgres } from '../../../postgres-situation.ts';
import { expectedSet } from '../preflight-seen.ts';
import { point, streamScene } from './scene.ts';

const atEnd = useAtEnd();
const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const missing = [{ store: 'accounts', reason: 'a part is damaged' }];

/** A backup whose store of streams was dumped, and whose snapshot is taken; all but the last step. */
async function almostDone() {
  const scene = await streamScene();
  atEnd(scene.cleanUp);
  const { open, call, catalogue } = scene;
  await steps.backUp(open, call({}), {});
  await catalogue.putObject(point, 'stores/documents.expected.json', encode(expectedSet()));
  await catalogue.putObject(point, 'images.json', encode({}));
  await catalogue.putObject(point, 'capture.age', new Uint8Array([1]));
  const whole = { ...open, fileHash: 'f', docker: { ...open.docker, ping: () => Promise.resolve({ id: 'engine-1' }) } };
  const publish = (change: object = {}, using: object = {}) =>
    publishRecoveryPoint({ ...whole, ...using } as typeof open, { ...call<'publishRecoveryPoint'>({}), ...change });
  return { ...scene, publish };
}

test('the manifest says which store is missing and why, and refers to nothing of it', async () => {
  const { publish, catalogue } = await almostDone();
  const { checks = [] } = await publish({ missing });
  expect(checks.every(({ verdict }) => verdict === 'pass')).toBe(true);
  expect(checks.find(({ name }) => name === 'manifest')?.evidence).toContain('without accounts');
  const manifest = await catalogue.readManifest(point);
  expect(manifest.missing).toEqual(missing);
  expect(manifest.stores.map(({ store }) => store)).toEqual(['documents']);
  expect(JSON.stringify(manifest)).not.toContain('stores/accounts/');
  expect((await catalogue.objectsOf(point)).filter(({ key }) => key.includes('stores/accounts/'))).toEqual([]);
});

test('what cannot be removed is a warning: the point is good without it', async () => {
  const { publish, catalogue } = await almostDone();
  const refused = new Failure('CatalogueRefused', { message: 'no right to delete', remedy: 'Grant it' });
  const { checks } = await publish(
    { missing },
    { catalogue: { ...catalogue, removeBelow: () => Promise.reject(refused) } },
  );
  expect(checks).toContainEqual(
    expect.objectContaining({ name: 'leftovers accounts', verdict: 'pass', warning: true }),
  );
  expect((await catalogue.readManifest(point)).streams).toBeUndefined();
});

test('a point that has all says nothing of it', async () => {
  const { publish, catalogue } = await almostDone();
  await publish();
  const manifest = await catalogue.readManifest(point);
  expect(manifest).not.toHaveProperty('missing');
  expect(manifest.streams).toHaveLength(1);
});

test('preflight warns of it, asks no server about it, and a scrub finds nothing to read', async () => {
  const { publish, catalogue, open, call } = await almostDone();
  await publish({ missing });
  const manifest = await catalogue.readManifest(point);
  expect(await checkParts(open, postgres(), { manifest }, {})).toMatchObject({
    name: 'missing accounts',
    verdict: 'pass',
    warning: true,
  });
  expect(await checkServer(open, postgres(), { manifest }, {})).toEqual([]);
  const scope = { scope: { point }, since: '2026-12-24T00:00:00Z', timeoutSeconds: 60 };
  expect((await scrubParts(open, call(scope), {})).checks).toMatchObject([{ verdict: 'pass' }]);
});
