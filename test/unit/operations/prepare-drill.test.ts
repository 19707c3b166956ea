import { Failure } from '../../../domain/failures.ts';
import type { DeploymentCapture } from '../../../domain/deployment.ts';
import type { Platform } from '../../../domain/platform.ts';
import { withPlaces, type SwarmPlaces } from '../../../domain/swarm-places.ts';
import { prepareDrill } from '../../../operations/drill/prepare-drill.ts';
import { answer } from '../../../operations/hosts/answers.ts';
import type { OpenPlatform } from '../../../operations/open-platform.ts';
import { openCatalogue } from '../../../systems/catalogue/open-catalogue.ts';
import { encrypt, generateKey } from '../../../systems/encryption/age.ts';
import { demoManifest } from '../../demo-situation.ts';
import { drillRun } from '../../drill-situation.ts';
import { spreadCapture, spreadPlatform, swarmCapture, swarmOnNodes } from '../../gathered-situation.ts';
import { memoryStorage } from '../../memory-storage.ts';
import { observedThere } from '../../spread-situation.ts';
import { observedByManager } from '../../swarm-situation.ts';
import { expectedSet } from './preflight-seen.ts';

// What the platform's own host prepares for a drill on an engine that may be another one's. That host is asked directly.

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** `lacks`: an image that neither host has, nor any registry. */
async function setUp(filed: Platform, capture: DeploymentCapture, { lacks = '', remote = false } = {}) {
  const { identity } = await generateKey();
  const catalogue = openCatalogue(memoryStorage(), 'demo');
  const { id, stores } = demoManifest();
  await catalogue.writeManifest({
    ...demoManifest(),
    capture: await catalogue.putObject(id, 'capture.age', await encrypt(encode(capture), identity)),
    stores: [
      {
        ...stores[0]!,
        expectedSet: await catalogue.putObject(id, 'stores/documents.expected.json', encode(expectedSet())),
      },
    ],
  });
  const asked: string[] = [];
  const ensured: string[] = [];
  const noAnswer = () =>
    Promise.reject(new Failure('ElasticsearchUnreachable', { message: 'Dead', remedy: 'Start it' }));
  const opened = (host: string, platform: Platform): OpenPlatform =>
    ({
      platform,
      host,
      fileHash: 'f'.repeat(64),
      catalogue,
      identity: () => Promise.resolve(identity),
      elasticsearch: noAnswer,
      assertWorkers: (hosts: string[]) => Promise.resolve(asked.push(`worker of ${hosts.join()}`)),
      secret: (_reference: object, purpose: string) =>
        Promise.reject(new Failure('MissingSecret', { message: `No ${purpose} on ${host}`, remedy: 'Put it there' })),
      place: (places: SwarmPlaces | undefined) => opened(host, withPlaces(filed, places)),
      ask: (other: string, question: string, input: unknown) => {
        asked.push(`${question} of ${other}`);
        return answer(opened(other, platform), question, JSON.parse(JSON.stringify(input)), {});
      },
      docker: {
        ...(remote && { remote }),
        ping: () => Promise.resolve({ processors: 8 }),
        observe: () =>
          Promise.resolve(filed.deployment.kind === 'swarm' ? observedByManager() : observedThere('machine', filed)),
        measureDisk: ({ image }: { image: string }) =>
          Promise.resolve({ totalBytes: 1e12, freeBytes: 9e11, volumeBytes: {}, folders: {}, image }),
        ensureImage: ({ reference, digest }: { reference: string; digest: string }) => {
          ensured.push(`${reference} on ${host}`);
          if (reference === lacks)
            throw new Failure('ImageMissing', { message: `Image ${digest} is not here`, remedy: 'docker load it' });
          return Promise.resolve(reference);
        },
      },
    }) as unknown as OpenPlatform;
  return { open: opened('machine', filed), asked, ensured };
}

const on = (host: string, platform: Platform): Platform => ({
  ...platform,
  drill: { core: [], memoryBytes: 1536 * 2 ** 20, processors: 1, host },
});
/** A machine that runs tests may have no room for a drill. */
const besides = (checks: { name: string; verdict: string }[]) => checks.filter(({ name }) => name !== 'drill memory');

describe.each([
  ['on a swarm', swarmOnNodes, swarmCapture],
  ['on several hosts', spreadPlatform, spreadCapture],
])('a platform %s', (_what, platformOf, captureOf) => {
  test('where the documents lie on its own host, nobody else is asked', async () => {
    const { open, asked } = await setUp(on('machine', platformOf()), captureOf());
    const { plan, checks } = await prepareDrill(open, { run: drillRun });
    expect(asked).toEqual([]);
    expect(besides(checks).filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    expect(checks).toContainEqual(expect.objectContaining({ name: 'drill scene' }));
    if (plan) expect(plan.scene?.host).toBe('machine');
  });

  test('on another host, its worker is asked for room and images, and every step is its', async () => {
    const { open, asked, ensured } = await setUp(on('other', platformOf()), captureOf());
    const { plan, checks } = await prepareDrill(open, { run: drillRun });
    expect(asked).toEqual(['worker of other', 'sceneRoom of other']);
    expect(ensured).toEqual(['stack/elasticsearch:1 on other', 'stack/zookeeper:1 on other']);
    expect(checks).toContainEqual(expect.objectContaining({ name: 'drill images', verdict: 'pass' }));
    if (plan) expect(new Set(plan.steps.map(({ host }) => host))).toEqual(new Set(['other']));
  });

  test('an image that is not there and cannot be had is refused with the remedy, before anything is made', async () => {
    const { open } = await setUp(on('other', platformOf()), captureOf(), { lacks: 'stack/zookeeper:1' });
    const { plan, checks } = await prepareDrill(open, { run: drillRun });
    expect(plan).toBeUndefined();
    expect(checks.find(({ name }) => name === 'drill images')).toMatchObject({
      verdict: 'fail',
      evidence: expect.stringMatching(/^On other: Image .* is not here$/) as string,
      remedy: 'docker load it',
    });
  });

  test('nothing of it can be kept to be swapped in', async () => {
    const { open } = await setUp(platformOf(), captureOf());
    await expect(prepareDrill(open, { run: drillRun, keepHours: 2 })).rejects.toMatchObject({
      kind: 'InvalidArgument',
      message: expect.stringMatching(/cannot be kept.*(Docker Swarm|several hosts)/) as string,
    });
  });
});

test('the value of a secret that a core service of the drill needs is looked for on that host', async () => {
  const platform = on('other', swarmOnNodes());
  const { open } = await setUp(
    { ...platform, drill: { ...platform.drill!, core: ['api'], memoryBytes: 2 ** 31 } },
    swarmCapture(),
  );
  const { checks } = await prepareDrill(open, { run: drillRun });
  expect(checks.find(({ name }) => name === 'drill secrets')).toMatchObject({
    verdict: 'fail',
    evidence: 'On other: No deployment.secrets.api_token on other',
  });
});

test('a host that is reached by its endpoint alone cannot hold a scene', async () => {
  const { open } = await setUp(on('other', spreadPlatform()), spreadCapture(), { remote: true });
  const { checks } = await prepareDrill(open, { run: drillRun });
  expect(checks.find(({ name }) => name === 'drill host')).toMatchObject({ verdict: 'fail' });
});
