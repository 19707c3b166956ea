import { workerPresence } from '../../../operations/status/worker-presence.ts';
import { trouble } from '../domain/status-samples.ts';

const temporal = (worker: boolean) => ({ value: { runs: [], schedules: [], incidents: [], worker } });
const served = (value: boolean) => () => Promise.resolve({ value });
const asked = () => Promise.reject(new Error('nobody is to be asked'));

test.each([
  ['working', 'one works, and the platform has no host', temporal(true), undefined, asked],
  ['working', 'one works, and one on its host', temporal(true), 'machine', served(true)],
  ['absent', 'one works, and none on its host', temporal(true), 'machine', served(false)],
  ['absent', 'none works', temporal(false), 'machine', asked],
  ['unknown', 'Temporal does not answer', { trouble }, 'machine', asked],
  ['unknown', 'Temporal falls silent', temporal(true), 'machine', () => Promise.resolve({ trouble })],
] as const)('%s: %s', async (presence, _, seen, host, isServed) => {
  expect(await workerPresence(seen as never, host, isServed)).toBe(presence);
});
