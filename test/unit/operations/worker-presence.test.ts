import { workerPresence } from '../../../operations/status/worker-presence.ts';
import { trouble } from '../domain/status-samples.ts';

const temporal = (worker: boolean) => ({ value: { runs: [], schedules: [], incidents: [], worker } });
const served = (value: boolean) => () => Promise.resolve({ value });
const asked = () => Promise.reject(new Error('nobody is to be asked'));

test.each([
  ['working', 'one works, and the platform has no host', temporal(true), [], asked],
  ['working', 'one works, and one on its host', temporal(true), ['machine'], served(true)],
  ['absent', 'one works, and none on its host', temporal(true), ['machine'], served(false)],
  ['absent', 'none works', temporal(false), ['machine'], asked],
  ['unknown', 'Temporal does not answer', { trouble }, ['machine'], asked],
  ['unknown', 'Temporal falls silent', temporal(true), ['machine'], () => Promise.resolve({ trouble })],
  [
    'absent',
    'of several hosts one has none',
    temporal(true),
    ['machine', 'other'],
    (on: string) => Promise.resolve({ value: on === 'machine' }),
  ],
] as const)('%s: %s', async (presence, _, seen, hosts, isServed) => {
  expect(await workerPresence(seen as never, hosts, isServed as never)).toBe(presence);
});
