import type { ContainerInspectInfo } from 'dockerode';
import { serviceOfContainers } from '../../../systems/docker/survey/service.ts';

const container = (more: object = {}, state: object = { Running: true, Status: 'running', ExitCode: 0 }) =>
  ({
    Name: '/demo_es_1',
    State: state,
    Config: {
      Image: 'elasticsearch:8',
      Env: ['ELASTIC_PASSWORD=hunter2', 'discovery.type=single-node', 'EMPTY'],
      ExposedPorts: { '9300/tcp': {}, '9200/tcp': {}, '53/udp': {} },
      Labels: { 'com.docker.compose.depends_on': 'a:service_started:false,b:service_healthy:true' },
      Healthcheck: { Test: ['CMD-SHELL', 'curl http://localhost:9200/_cluster/health'] },
      ...more,
    },
    HostConfig: { RestartPolicy: { Name: 'no' } },
    Mounts: [
      { Type: 'volume', Name: 'esdata', Destination: '/usr/share/elasticsearch/data', RW: true },
      { Type: 'bind', Source: '/srv/key', Destination: '/run/secrets/s3_access_key', RW: false },
    ],
    NetworkSettings: { Networks: { bridge: {}, demo_back: {} } },
  }) as unknown as ContainerInspectInfo;

test('a service as its containers show it, without a value that may be secret', () => {
  const seen = serviceOfContainers('es', [container()]);
  expect(seen).toMatchObject({
    container: 'demo_es_1',
    running: true,
    finished: false,
    variables: ['ELASTIC_PASSWORD', 'discovery.type', 'EMPTY'],
    settings: { 'discovery.type': 'single-node' },
    ports: [9200, 9300],
    secretFiles: { s3_access_key: '/srv/key' },
    volumes: [{ type: 'volume', source: 'esdata', path: '/usr/share/elasticsearch/data' }],
    networks: ['demo_back'],
    dependsOn: ['a', 'b'],
    health: { port: 9200, path: '/_cluster/health' },
  });
  expect(JSON.stringify(seen)).not.toContain('hunter2');
});

test('the container that runs speaks for the service; a job that is done has finished', () => {
  const ended = container({ Image: 'old' }, { Running: false, Status: 'exited', ExitCode: 0 });
  expect(serviceOfContainers('es', [ended, container()])?.image).toBe('elasticsearch:8');
  expect(serviceOfContainers('es', [ended])).toMatchObject({ finished: true, running: false });
  expect(serviceOfContainers('es', [])).toBeUndefined();
});
