import { checkNames } from '../../../operations/validate/names.ts';
import { demoPlatform } from '../../demo-situation.ts';

// cspell:ignore dmeo elasticsaerch

const services = ['api', 'elasticsearch', 'job-distributor', 'job-executor', 'zookeeper'];
const projects = [
  { project: 'demo', services },
  { project: 'monitoring', services: ['grafana'] },
];

test('a platform file that fits: project and services pass', () => {
  expect(checkNames(demoPlatform(), projects).map(({ name, verdict }) => [name, verdict])).toEqual([
    ['project', 'pass'],
    ['services', 'pass'],
  ]);
});

test('a wrong project: the nearest one is named, and nothing is said of its services', () => {
  const [check, ...others] = checkNames(demoPlatform('demos'), projects);
  expect(check).toMatchObject({ name: 'project', verdict: 'fail' });
  expect(check?.evidence).toMatch(/"demos"; did you mean "demo"\?$/);
  expect(others).toEqual([]);
});

test.each<[string, (platform: ReturnType<typeof demoPlatform>) => unknown]>([
  ['data', ({ deployment }) => (deployment.data = ['elastic-search', 'zookeeper'])],
  ['core', ({ deployment }) => (deployment.core = ['elastic-search'])],
  ['alsoStop', ({ deployment }) => (deployment.alsoStop = ['elastic-search'])],
  ['stores.documents', ({ stores }) => (stores[0]!.service = 'elastic-search')],
  ['smoke', ({ smoke }) => ((smoke[0] as { service: string }).service = 'elastic-search')],
])('a wrong service under %s: its place and the nearest one are named', (place, change) => {
  const platform = demoPlatform();
  change(platform);
  const check = checkNames(platform, projects).find(({ name }) => name === 'services');
  expect(check?.verdict).toBe('fail');
  expect(check?.evidence).toContain(`"elastic-search" (${place})`);
  expect(check?.evidence).toMatch(/did you mean "elasticsearch"\?$/);
  expect(check?.remedy).toContain(services.join(', '));
});
