import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parsePlatform } from '../../../config/platform-file.ts';
import type { SeenPlace, SeenService } from '../../../domain/init/seen.ts';
import { Failure } from '../../../domain/failures.ts';
import { findPlace } from '../../../operations/init/find-place.ts';
import { initialise } from '../../../operations/init/init.ts';
import { demoSeen, postgresSeen, seenService } from '../domain/init/seen-samples.ts';

const place: SeenPlace = { kind: 'compose', project: 'demo' };
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rekindle-init-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** An engine on which nothing can be reached: what runs is all that is known. */
const silentEngine = {
  survey: ({ project }: { project?: string } & SeenPlace) =>
    Promise.resolve({
      services: project === 'demo' ? demoSeen().services : [seenService('web')],
      others: [
        seenService('metrics/prometheus'),
        seenService('elsewhere/web', { networks: ['elsewhere'] }),
        seenService('old/reader', { running: false }),
      ],
      nameless: [
        { container: 'shell', networks: ['demo_backend'] },
        { container: 'far', networks: ['bridge'] },
      ],
    }),
  reach: () => Promise.reject(new Failure('ServiceUnhealthy', { message: 'silent', remedy: '' })),
  exec: () => Promise.reject(new Failure('ServiceNotFound', { message: 'not there', remedy: '' })),
};

test('the file is written, and what could not be known is said', async () => {
  const file = path.join(folder, 'sub', 'shop.yaml');
  const { platform, roles, open } = await initialise(silentEngine, place, file);
  expect(platform).toBe('shop');
  expect(roles.alsoStop).toEqual(['metrics/prometheus']);
  const text = await readFile(file, 'utf8');
  expect(parsePlatform(text, file, {}).deployment).toMatchObject({ project: 'demo', alsoStop: ['metrics/prometheus'] });
  expect(open.map(({ at }) => at)).toEqual(expect.arrayContaining(['stores.0', 'stores.0.repository', 'catalogue']));
  expect(text).toContain('shell');
  expect(text).not.toContain('far');
});

test('a file that is there is never overwritten', async () => {
  const file = path.join(folder, 'shop.yaml');
  await writeFile(file, 'mine');
  await expect(initialise(silentEngine, place, file)).rejects.toMatchObject({ kind: 'InvalidArgument' });
  expect(await readFile(file, 'utf8')).toBe('mine');
});

test('the name of the file must be that of a platform', async () => {
  const out = initialise(silentEngine, place, path.join(folder, 'a b.yaml'));
  await expect(out).rejects.toMatchObject({ kind: 'InvalidArgument' });
});

test('without a name, the one project with an Elasticsearch is meant', async () => {
  const engine = (...projects: string[]) => ({
    ...silentEngine,
    listProjects: () => Promise.resolve(projects.map((project) => ({ project, services: [] }))),
  });
  expect(await findPlace(engine('shop', 'demo'))).toEqual(place);
  await expect(findPlace(engine('shop'))).rejects.toMatchObject({ kind: 'InvalidArgument' });
  await expect(findPlace(engine('demo', 'demo'))).rejects.toThrow(/Several/);
});

test('without an Elasticsearch, the one with another server is meant; never the one that Rekindle runs in', async () => {
  const services: Record<string, SeenService[]> = {
    accounts: [postgresSeen()],
    rekindle: [postgresSeen(), seenService('worker', { image: 'rekindle:1' })],
    web: [seenService('web')],
  };
  const engine = (...projects: string[]) => ({
    ...silentEngine,
    survey: ({ project = '' }: { project?: string } & SeenPlace) =>
      Promise.resolve({ services: services[project] ?? [], others: [], nameless: [] }),
    listProjects: () => Promise.resolve(projects.map((project) => ({ project, services: [] }))),
  });
  expect(await findPlace(engine('web', 'rekindle', 'accounts'))).toEqual({ kind: 'compose', project: 'accounts' });
  await expect(findPlace(engine('web', 'rekindle'))).rejects.toThrow(/No Compose project/);
});
