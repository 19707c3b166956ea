import { Failure } from '../../../domain/failures.ts';
import { withPlaces } from '../../../domain/swarm-places.ts';
import type { OpenPlatform } from '../../../operations/open-platform.ts';
import { configuredNow } from '../../../operations/stores/configured-now.ts';
import { swarmPlatform } from '../../swarm-situation.ts';

// The engine of a swarm's node refuses what only a manager knows.

function onNode(running: Record<string, object>): OpenPlatform {
  const noManager = () =>
    Promise.reject(new Failure('ServiceNotFound', { message: 'This node is not a swarm manager', remedy: '' }));
  return {
    platform: withPlaces(swarmPlatform(), { main: 'machine', services: { elasticsearch: 'other' } }),
    host: 'other',
    docker: { capture: noManager, readConfiguration: (name: string) => Promise.resolve(running[name]) },
  } as unknown as OpenPlatform;
}

test('on a node that is no manager, a service is configured as the container of its task is', async () => {
  const server = { name: 'service:demo_elasticsearch', service: 'elasticsearch' };
  const task = { environment: { 'discovery.type': 'single-node', A: 'b=c' }, words: ['es', '-E', 'node.name=one'] };
  const open = onNode({ [server.name]: { ...task, file: () => Promise.resolve(undefined) } });
  expect(await configuredNow(open, [server, { name: 'service:demo_gone', service: 'gone' }])).toEqual({
    containers: [
      { ...server, create: { Env: ['discovery.type=single-node', 'A=b=c'], Cmd: ['es', '-E', 'node.name=one'] } },
    ],
    files: [],
  });
});
