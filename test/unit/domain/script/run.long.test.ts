import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { demoCapture } from '../../../demo-situation.ts';
import { useStandIns, withJq } from './stand-ins.ts';

const standIns = useStandIns();
const { publish, run } = standIns;

withJq('the script, run to its end with stand-ins for its programs', () => {
  test('does every step, in order, and keeps the old data', async () => {
    await publish(3);
    const { status, output, calls } = await run();
    expect([status, output]).toEqual([0, expect.stringContaining('demo is restored from')]);
    const position = (start: string) => calls.findIndex((line) => line.startsWith(start));
    const inOrder = [
      'docker stop --time 30 demo_api_1',
      'docker stop --time 30 demo_elasticsearch_1',
      'docker start demo_elasticsearch_1',
      'docker start demo_api_1',
    ];
    const positions = inOrder.map(position);
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    expect(positions[0]).toBeGreaterThanOrEqual(0);
    const kept = join(
      standIns.folder,
      'root',
      'rekindle-quarantine',
      'by-hand-demo-c0ffee00c0ff',
      'demo_es-data',
      'old',
    );
    expect(await readFile(kept, 'utf8')).toBe('old data');
    expect(output).toContain('1 entries created, for 1 jobs');
  }, 120_000);

  test('creates what is missing from the point, each container once', async () => {
    await publish(3);
    const { status, output, calls } = await run({ empty: 'yes' });
    expect([status, output]).toEqual([0, expect.stringContaining('demo is restored from')]);
    const created = calls.flatMap((line) => /containers\/create\?name=(\S+)/.exec(line)?.[1] ?? []);
    expect(created.toSorted()).toEqual(
      demoCapture()
        .containers.map(({ name }) => name)
        .toSorted(),
    );
    expect(calls.filter((line) => line.includes('/networks/other/connect'))).toHaveLength(created.length);
  }, 120_000);
});
