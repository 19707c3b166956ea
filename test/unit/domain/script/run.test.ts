import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { demoManifest } from '../../../demo-situation.ts';
import { useStandIns, withJq } from './stand-ins.ts';

const standIns = useStandIns();
const { publish, run } = standIns;

withJq('the script, run to its end with stand-ins for its programs', () => {
  test('ends at a step that fails, and goes on with it when it is told to', async () => {
    await publish(4);
    const { status, output, calls } = await run();
    expect([status, output]).toEqual([1, expect.stringContaining('WRONG nuvla-job: 3 documents, expected 4 to 4')]);
    expect(calls.some((line) => line.startsWith('docker start demo_api_1'))).toBe(false);
    const steps = [...output.matchAll(/^\[(\d+)\] /gm)].map(([, number]) => Number(number));
    await rm(join(standIns.folder, 'calls.txt'));
    const again = await run({ from: String((steps.at(-1) ?? 0) + 1) });
    expect(again.calls.some((line) => line.startsWith('docker stop'))).toBe(false);
  }, 120_000);

  test('refuses a point whose objects are not what its manifest says', async () => {
    await publish(3);
    const { id } = demoManifest();
    await writeFile(
      join(standIns.folder, 'catalogue', 'demo', 'points', id, 'stores', 'documents.expected.json'),
      '{"indices": []}',
    );
    const { status, calls } = await run();
    expect(status).not.toBe(0);
    expect(calls.some((line) => line.startsWith('docker stop'))).toBe(false);
  });
});
