import { captureFor, mergeCaptures, mergeObserved, observedOn } from '../../../domain/deployment-hosts.ts';
import { deploymentOn, hostOf, hostsOf, isSpread } from '../../../domain/hosts.ts';
import { demoPlatform } from '../../demo-situation.ts';
import { capturedThere, observedThere, spreadPlatform } from '../../spread-situation.ts';

test('a platform that places nothing elsewhere lies on one host', () => {
  const platform = demoPlatform();
  expect([isSpread(platform), hostsOf(platform, 'here'), hostOf(platform, 'api')]).toEqual([
    false,
    ['here'],
    undefined,
  ]);
  expect(deploymentOn(platform.deployment, 'anywhere')).toBe(platform.deployment);
  platform.deployment.host = 'machine';
  platform.deployment.hosts = { api: 'machine' };
  expect([isSpread(platform), hostsOf(platform, 'here')]).toEqual([false, ['machine']]);
});

test('a spread one: the hosts, its own first, and the services of each in their order', () => {
  const platform = spreadPlatform();
  platform.deployment.hosts = { ...platform.deployment.hosts, api: 'a-third' };
  expect([isSpread(platform), hostsOf(platform, '')]).toEqual([true, ['machine', 'a-third', 'other']]);
  expect(deploymentOn(platform.deployment, 'other')).toMatchObject({ data: ['zookeeper'], core: ['job-executor'] });
  expect(deploymentOn(platform.deployment, 'machine')).toMatchObject({ core: ['job-distributor'] });
});

test('what was observed is put together, and taken apart again as it was', () => {
  const [machine, other] = [observedThere('machine'), observedThere('other')];
  const merged = mergeObserved(machine, [other]);
  expect(observedOn(merged, 'machine')).toEqual(machine);
  const bare = <T extends { host?: string }>(list: T[]) =>
    list.map(({ host, ...rest }) => (expect(host).toBe('other'), rest));
  const back = observedOn(merged, 'other');
  expect({
    ...back,
    containers: bare(back.containers),
    volumes: bare(back.volumes),
    networks: bare(back.networks),
  }).toEqual(other);
  expect(mergeObserved(machine, [])).toBe(machine);
});

describe('captures of two hosts', () => {
  const merged = mergeCaptures(capturedThere('machine'), [capturedThere('other')]);

  test('each host gets its own again: its containers, the file and the network that it had', () => {
    const part = captureFor(spreadPlatform(), merged, 'other');
    expect(part.containers.map(({ name }) => name)).toEqual([
      'demo_zookeeper_1',
      'demo_job-executor_1',
      'demo_job-executor_2',
    ]);
    expect(part.files.map(({ contentBase64 }) => Buffer.from(contentBase64, 'base64').toString())).toEqual(['other']);
    expect(part.networks).toMatchObject([{ create: { Subnet: 'other' } }]);
    expect(part.volumes.map(({ name }) => name)).toEqual(['demo_zk-data', 'demo_zk-log']);
  });

  test('a service that lies elsewhere by now takes its volumes and files along', () => {
    const platform = spreadPlatform();
    platform.deployment.hosts = { zookeeper: 'new', 'job-executor': 'new' };
    const part = captureFor(platform, merged, 'new');
    expect([part.host, part.volumes.length, part.files.length]).toEqual(['new', 2, 1]);
  });

  test('what is too large to be kept names its host', () => {
    const other = { ...capturedThere('other'), leftOut: ['/srv/large'] };
    expect(mergeCaptures({ ...capturedThere('machine'), leftOut: ['/srv/own'] }, [other]).leftOut).toEqual([
      '/srv/own',
      '/srv/large (on other)',
    ]);
  });
});
