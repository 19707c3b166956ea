import type { ContainerInfo } from 'dockerode';
import { demoPlatform } from '../../demo-situation.ts';
import { isNamed, projectsOf, serviceNameOf } from '../../../systems/docker/containers.ts';
import { otherContainersOn } from '../../../systems/docker/observe.ts';

const { deployment } = demoPlatform();

/** A container as the engine lists it. */
function container(
  name: string,
  change: { service?: string; networks?: string[]; mode?: string; state?: string } = {},
) {
  const { service, networks = [], mode = 'default', state = 'running' } = change;
  const labels = { 'com.docker.compose.project': 'demo', 'com.docker.compose.service': service ?? '' };
  return {
    Id: `id-${name}`,
    Names: [`/${name}`],
    State: state,
    Labels: service === undefined ? {} : labels,
    HostConfig: { NetworkMode: mode },
    NetworkSettings: {
      Networks: Object.fromEntries(
        networks.map((network) => [network, { IPAddress: '10.0.0.9', Aliases: ['s3.local'] }]),
      ),
    },
  } as unknown as ContainerInfo;
}

test('services of another Compose project are named with it', () => {
  const labels = (project: string, service: string) => ({
    'com.docker.compose.project': project,
    'com.docker.compose.service': service,
  });
  const both = { ...deployment, core: ['api', 'web/api'], alsoStop: ['tools/grafana'] };
  expect(serviceNameOf(labels('demo', 'api'), both)).toBe('api');
  expect(serviceNameOf(labels('web', 'api'), both)).toBe('web/api');
  expect(isNamed(labels('tools', 'grafana'), both)).toBe(true);
  expect(isNamed(labels('demo', 'grafana'), both)).toBe(false);
  expect(isNamed(labels('other', 'api'), both)).toBe(false);
  expect(projectsOf(both)).toEqual(['demo', 'web', 'tools']);
});

test('who reaches the data services: on their network, or in the network of a container that is on it', () => {
  const all = [
    container('demo_elasticsearch_1', { service: 'elasticsearch', networks: ['back'] }),
    container('shell', { mode: 'container:id-demo_elasticsearch_1' }),
    container('stopped', { mode: 'container:id-demo_elasticsearch_1', state: 'exited' }),
    container('apart', { networks: ['front'] }),
    container('minio', { service: 'minio', networks: ['back'] }),
    container('beside-minio', { mode: 'container:id-minio' }),
    container('beside-apart', { mode: 'container:id-apart' }),
  ];
  expect(otherContainersOn(new Set(['back']), deployment, all, undefined)).toEqual([
    { container: 'shell', network: 'container:demo_elasticsearch_1', answersTo: ['shell'] },
    { container: 'minio', network: 'back', answersTo: ['10.0.0.9', 'minio', 's3.local'] },
    { container: 'beside-minio', network: 'container:minio', answersTo: ['beside-minio'] },
  ]);
});
