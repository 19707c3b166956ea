import { createHash } from 'node:crypto';
import { Failure } from '../../../domain/failures.ts';
import type { Platform } from '../../../domain/platform.ts';
import { rememberSecret } from '../../../config/redaction.ts';
import { writeKit } from '../../../operations/backup/write-kit.ts';
import type { OpenPlatform } from '../../../operations/open-platform.ts';
import { openCatalogue } from '../../../systems/catalogue/open-catalogue.ts';
import { demoManifest, demoPlatform } from '../../demo-situation.ts';
import { memoryStorage } from '../../memory-storage.ts';

const swarm = {
  ...demoPlatform(),
  deployment: { ...demoPlatform().deployment, kind: 'swarm', secrets: {} },
} as Platform;

function opened(platform: Platform, step?: (what: string) => Promise<unknown>) {
  const storage = memoryStorage(step);
  const silent = () => Promise.reject(new Failure('DockerUnreachable', { message: 'No engine', remedy: '' }));
  const open = {
    platform,
    fileHash: 'f',
    host: 'here',
    catalogue: openCatalogue(storage, 'demo'),
    docker: { observe: silent },
    kitSources: { fileText: 'platform: demo\nnote: hunter2hunter2\n', keyFile: '/key' },
  } as unknown as OpenPlatform;
  const texts = async () => {
    const found: Record<string, string> = {};
    for await (const { key } of storage.list('demo/kit/'))
      found[key.replace('demo/kit/', '')] = new TextDecoder().decode(await storage.get(key));
    return found;
  };
  return { open, texts, storage };
}

const manifest = demoManifest();
const prefix = `${manifest.startedAt.replaceAll(/[-:]/g, '')}~${manifest.id}/`;

test('on Swarm there is no script, which is no fault; digests fit, and a secret in the file does not get further', async () => {
  rememberSecret('hunter2hunter2');
  const { open, texts } = opened(swarm);
  expect(await writeKit(open, manifest)).toMatchObject([{ name: 'kit', verdict: 'pass' }]);
  const kit = await texts();
  expect(Object.keys(kit).toSorted()).toEqual(
    ['README', 'SHA256SUMS', 'manifest.json', 'platform.yaml'].map((name) => prefix + name),
  );
  expect(kit[`${prefix}platform.yaml`]).toBe('platform: demo\nnote: [secret]\n');
  expect(kit[`${prefix}README`]).toContain('its services are those of a swarm');
  for (const line of (kit[`${prefix}SHA256SUMS`] ?? '').trim().split('\n')) {
    const [digest, name] = line.split('  ');
    expect(
      createHash('sha256')
        .update(kit[prefix + (name ?? '')] ?? '')
        .digest('hex'),
    ).toBe(digest);
  }
});

test('the kit of a newer point takes the place of the older one', async () => {
  const { open, texts } = opened(swarm);
  await writeKit(open, manifest);
  await writeKit(open, { ...manifest, id: 'later', startedAt: '2030-01-01T00:00:00.000Z' });
  const folders = new Set(Object.keys(await texts()).map((key) => key.split('/')[0]));
  expect([...folders]).toEqual(['20300101T000000.000Z~later']);
});

test('what keeps it from being made or written is a warning: the point is good without it', async () => {
  const { open, texts } = opened(demoPlatform());
  const [made] = await writeKit(open, manifest);
  expect(made).toMatchObject({
    verdict: 'pass',
    warning: true,
    evidence: expect.stringContaining('No engine') as string,
  });
  expect(Object.keys(await texts())).not.toContain(`${prefix}restore.sh`);
  const full = opened(swarm, (what) =>
    what.startsWith('put ')
      ? Promise.reject(new Failure('ObjectStorageFull', { message: 'Full', remedy: '' }))
      : Promise.resolve(),
  );
  expect(await writeKit(full.open, manifest)).toMatchObject([{ verdict: 'pass', warning: true }]);
});
