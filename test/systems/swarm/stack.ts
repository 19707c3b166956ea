import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SwarmDeployment } from '../../../domain/platform.ts';
import type { SwarmEngine } from '../../swarm-engine.ts';

export const image = 'rekindle-stack/base:bookworm';

/** Answers `hi` to whoever connects; ends at SIGTERM. */
const serve = `use IO::Socket::INET; $$SIG{TERM} = sub { exit 0 }; my $$s = IO::Socket::INET->new(LocalPort => 7000, Listen => 5, ReuseAddr => 1); while (my $$c = $$s->accept) { print $$c "hi"; close $$c }`;

/** A database with secret, config and volume, pinned to a node; two workers; an agent on each node. */
export const stackFile = `
version: '3.8'
services:
  db:
    image: ${image}
    init: true
    command: [perl, -e, '${serve}']
    environment: { TOKEN: 'a b' }
    networks: { back: { aliases: [database] }, side: {} }
    volumes: ['data:/data']
    secrets: [{ source: token, target: the_token, mode: 0400 }]
    configs: [{ source: settings, target: /etc/settings.conf }]
    stop_grace_period: 3s
    deploy:
      endpoint_mode: dnsrr
      placement: { constraints: ['node.labels.db == true'] }
      restart_policy: { condition: on-failure, delay: 1s }
      update_config: { parallelism: 1, order: stop-first, delay: 1s }
      labels: { team: blue }
  worker:
    image: ${image}
    init: true
    command: [sleep, infinity]
    networks: [back]
    deploy: { replicas: 2, restart_policy: { condition: any, delay: 1s, max_attempts: 5, window: 10s } }
  agent:
    image: ${image}
    init: true
    command: [sleep, infinity]
    networks: [back]
    deploy: { mode: global }
volumes: { data: {} }
secrets: { token: { external: true } }
configs: { settings: { external: true } }
networks:
  back: { external: true }
  side: {}
`;

export const deployment: SwarmDeployment = {
  kind: 'swarm',
  stack: 'shop',
  data: ['db'],
  core: ['worker'],
  alsoStop: ['agent'],
  volumes: {},
  secrets: {},
  stopGraceSeconds: 5,
  healthTimeoutSeconds: 40,
  settleSeconds: 1,
};

export const units = ['service:shop_agent', 'service:shop_db', 'service:shop_worker'];

export async function deploy(engine: SwarmEngine): Promise<void> {
  const file = join(engine.folder, 'shop.yaml');
  await writeFile(file, stackFile);
  await engine.cli(['stack', 'deploy', '--compose-file', file, 'shop']);
}
