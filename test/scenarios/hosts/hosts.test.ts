import { docker } from './engines.ts';
import { openThreeHosts, type ThreeHosts } from './three-hosts.ts';

// Three Docker engines with networks of their own: the database on a, the queue on b, the core on c.

let three: ThreeHosts;
beforeAll(async () => {
  three = await openThreeHosts();
}, 200_000);
afterAll(() => three.end());

const count = async () => ((await three.ask('/nuvla-note/_count')) as { count: number }).count;
const write = (id: string) =>
  three.ask(`/nuvla-note/_doc/${id}?refresh=true`, { method: 'PUT', body: { id: `note/${id}` } });

async function demand(args: string[]): Promise<unknown> {
  const began = Date.now();
  const { exitCode, text, json } = await three.rekindle([...args, '--json']);
  console.log(args.join(' '), (Date.now() - began) / 1000, exitCode);
  if (exitCode !== 0) throw new Error(`rekindle ${args.join(' ')} ended with ${exitCode}:\n${text}`);
  return json;
}

test('a platform on three hosts', async () => {
  const { platform } = three;
  await write('before');
  await three.startWorker('a');
  await three.startWorker('b');
  const missing = await three.rekindle(['backup', platform]);
  console.log(missing.exitCode, missing.text);
  await three.startWorker('c');

  await demand(['backup', platform]);
  await write('after');
  expect(await count()).toBe(2);
  const checked = await three.rekindle(['check', platform]);
  console.log(checked.text);

  await docker(three.host('a'), ['rm', '-f', `${platform}_elasticsearch_1`]);
  await docker(three.host('a'), ['volume', 'rm', `${platform}_data`]);
  await docker(three.host('b'), ['rm', '-f', `${platform}_zookeeper_1`]);
  await docker(three.host('b'), ['volume', 'rm', `${platform}_data`, `${platform}_log`]);
  console.log(JSON.stringify(await demand(['restore', platform, '--yes'])));
  expect(await count()).toBe(1);
}, 400_000);
