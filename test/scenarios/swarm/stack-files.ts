// The stacks of a small Nuvla: as its own deployment has them, with the demo platform's images. There is no IPVS in the kernels
// that tests run on, so that a virtual address is refused: what is called by name answers by round robin.

const es = 'rekindle-stack/elasticsearch:8.19.0';
const zk = 'rekindle-stack/zookeeper:3.9.4';
const core = 'rekindle-stack/core:1';
const s3 = 'rekindle-stack/s3:1.8.0';

export const images = [es, zk, core, s3];
export const s3Image = s3;

export type Stack = 'db' | 'streams' | 'nuvla';

export const networks = ['traefik-public', 'nuvla-backend'];

const stack = (services: string, more: string) => `
version: '3.8'
x-restart: &restart { condition: on-failure, delay: 5s }
services:
${services}
${more}
networks:
  nuvla-backend: { external: true }
  traefik-public: { external: true }
`;

/** Placement constraints of services that Nuvla's own files let run anywhere; absent: anywhere. */
export interface Placed {
  api?: string;
  streams?: string;
}

const placed = (constraint?: string) =>
  constraint === undefined ? '' : `placement: { constraints: ['${constraint}'] }, `;

export const stacks = (s3Endpoint: string, { api, streams }: Placed = {}): Record<Stack, string> => ({
  db: stack(
    `
  es:
    image: ${es}
    environment:
      discovery.type: single-node
      ES_JAVA_OPTS: -Xms512m -Xmx512m
      xpack.security.enabled: 'false'
      cluster.routing.allocation.disk.threshold_enabled: 'false'
      s3.client.default.endpoint: ${s3Endpoint}
      s3.client.default.path_style_access: 'true'
    secrets: [s3_access_key, s3_secret_key]
    volumes: ['esdata:/usr/share/elasticsearch/data']
    networks: { nuvla-backend: { aliases: [elasticsearch] } }
    deploy:
      endpoint_mode: dnsrr
      placement: { constraints: ['node.labels.worker-db == true'] }
      restart_policy: *restart
  zk:
    image: ${zk}
    environment: { ZOO_ADMINSERVER_ENABLED: 'false', ZK_SERVER_HEAP: '192' }
    volumes: ['zkdata:/data', 'zkdatalog:/datalog']
    networks: { nuvla-backend: { aliases: [zookeeper] } }
    deploy:
      endpoint_mode: dnsrr
      placement: { constraints: ['node.labels.worker-db == true'] }
      restart_policy: *restart`,
    `
volumes: { esdata: {}, zkdata: {}, zkdatalog: {} }
secrets: { s3_access_key: { external: true }, s3_secret_key: { external: true } }`,
  ),
  streams: stack(
    `
  subs-notifs:
    image: ${core}
    command: [node, -e, 'setInterval(() => fetch("http://elasticsearch:9200").catch(() => {}), 1000)']
    volumes: ['kafka-data:/kafka']
    networks: [nuvla-backend]
    deploy: { ${placed(streams)}restart_policy: *restart }`,
    'volumes: { kafka-data: {} }',
  ),
  nuvla: stack(
    `
  api:
    image: ${core}
    command: [node, api.mjs]
    healthcheck: { test: [CMD, ./healthcheck.sh], interval: 2s, timeout: 5s, retries: 5, start_period: 20s }
    networks: [nuvla-backend, traefik-public]
    configs: [{ source: api-settings, target: /etc/nuvla/settings.edn }]
    deploy: { endpoint_mode: dnsrr, ${placed(api)}restart_policy: *restart, labels: ['traefik.enable=true'] }
  job-executor:
    image: ${core}
    command: [node, job-executor.mjs]
    environment: { JOB_MILLISECONDS: '5000' }
    networks: [nuvla-backend]
    deploy: { replicas: 5, restart_policy: *restart, update_config: { parallelism: 2, delay: 5s } }
  job-distributor:
    image: ${core}
    command: [node, job-distributor.mjs]
    networks: [nuvla-backend]
    deploy: { replicas: 2, restart_policy: *restart }`,
    `configs: { api-settings: { external: true } }`,
  ),
});
