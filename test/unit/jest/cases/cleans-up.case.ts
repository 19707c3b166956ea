import { rm, writeFile } from 'node:fs/promises';
import { provided } from '../../../provided.ts';

const folder = provided('workflowBundle');

beforeAll(() => writeFile(`${folder}/of-the-file`, ''));
afterAll(() => rm(`${folder}/of-the-file`));

test('ends a while after the signal', async () => {
  await writeFile(`${folder}/of-the-test`, '');
  process.stdout.write('it runs\n');
  const signalled = new Promise((resolve) => process.once('SIGTERM', resolve));
  await signalled;
  await new Promise((resolve) => setTimeout(resolve, 300));
  await rm(`${folder}/of-the-test`);
});

test('does not begin', () => writeFile(`${folder}/of-the-next-test`, ''));
