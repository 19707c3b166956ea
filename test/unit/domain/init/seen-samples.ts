import type { SeenPlatform, SeenService } from '../../../../domain/init/seen.ts';

/** A service of which only the given is known. */
export function seenService(service: string, more: Partial<SeenService> = {}): SeenService {
  return {
    service,
    container: `demo_${service}_1`,
    image: `example/${service}:1`,
    running: true,
    finished: false,
    variables: [],
    settings: {},
    ports: [],
    mounts: [],
    holdsVolume: false,
    secretFiles: {},
    networks: ['demo_backend'],
    dependsOn: [],
    ...more,
  };
}

/** The demo platform of stack/, as it is seen while it runs. */
export function demoSeen(more: Partial<SeenPlatform> = {}): SeenPlatform {
  return {
    place: { kind: 'compose', project: 'demo' },
    services: [
      seenService('job-distributor', { image: 'rekindle-stack/core:1' }),
      seenService('job-executor', { image: 'rekindle-stack/core:1' }),
      seenService('api', { image: 'rekindle-stack/core:1' }),
      seenService('zookeeper', {
        image: 'rekindle-stack/zookeeper:3.9.4',
        variables: ['ZOO_ADMINSERVER_ENABLED', 'ZK_SERVER_HEAP'],
        ports: [2181],
        mounts: ['/data', '/datalog'],
        holdsVolume: true,
      }),
      seenService('elasticsearch', {
        image: 'rekindle-stack/elasticsearch:8.19.0',
        variables: ['discovery.type', 'ES_JAVA_OPTS'],
        settings: { 'discovery.type': 'single-node', 'xpack.security.enabled': 'false' },
        mounts: ['/usr/share/elasticsearch/data'],
        holdsVolume: true,
        secretFiles: {
          s3_access_key: '/srv/demo/secrets/s3_access_key',
          s3_secret_key: '/srv/demo/secrets/s3_secret_key',
        },
      }),
    ],
    neighbours: [],
    elasticsearch: {
      elasticsearch: {
        kind: 'answered',
        scheme: 'http',
        clusterUuid: 'uuid-1',
        version: '8.19.0',
        repositories: [
          {
            name: 's3_backup',
            type: 's3',
            settings: { bucket: 'demo-es', endpoint: 'http://172.17.0.1:9000', path_style_access: 'true' },
            readonly: false,
          },
        ],
        indices: ['nuvla-job', 'nuvla-user', 'nuvla-session'],
      },
    },
    zookeeper: {
      zookeeper: { kind: 'answered', queues: [{ path: '/job', entries: 7 }], nodes: ['/job', '/zookeeper'] },
    },
    healthAnswers: {},
    ...more,
  };
}

/** Nuvla on Docker Swarm, its data services in the stack, exporters and a neighbour of another stack beside them. */
export function nuvlaSeen(): SeenPlatform {
  const networks = ['nuvla-backend'];
  return {
    ...demoSeen(),
    place: { kind: 'swarm', stack: 'nuvla' },
    services: [
      seenService('es', {
        image: 'docker.elastic.co/elasticsearch/elasticsearch:8.11.1@sha256:0a1b',
        networks,
        secretFiles: { s3_access_key: undefined, s3_secret_key: undefined },
      }),
      seenService('zk', { image: 'zookeeper:3.8', networks }),
      seenService('api', { networks, health: { port: 8200, path: '/api/cloud-entry-point' } }),
      seenService('job-executor', { networks, dependsOn: ['api'] }),
      seenService('job-distributor', { networks }),
      seenService('es-exporter', { image: 'quay.io/prometheuscommunity/elasticsearch-exporter:v1.7.0', networks }),
      seenService('ui', { networks: ['frontend'] }),
      seenService('store', { image: 'minio/minio:latest', networks, ports: [9000] }),
    ],
    neighbours: [
      seenService('streams/subs-notifs', { networks }),
      seenService('rk/worker', { image: 'rekindle', networks }),
    ],
    elasticsearch: { es: { ...demoSeen().elasticsearch['elasticsearch']! } },
    zookeeper: { zk: demoSeen().zookeeper['zookeeper']! },
    healthAnswers: { api: 200 },
  };
}
