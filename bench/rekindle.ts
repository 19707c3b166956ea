import { Client, Connection } from '@temporalio/client';
import { readEnvironment } from '../config/environment.ts';
import { readDataConverter } from '../config/payload-encryption/data-converter.ts';
import { measureOrchestration } from './orchestration.ts';
import type { Rekindle } from './rig.ts';
import type { Measurement } from './timeline.ts';
import { passedReport } from './passed-report.ts';

/** With which options; each is a way that is measured. */
const options = {
  remove: ['--volumes', 'remove'],
  quarantine: ['--volumes', 'quarantine'],
  beside: ['--beside'],
};
export type RekindleWay = keyof typeof options;

/** Brings the platform back through the real command line, and reads the times from the run's report. */
export async function restoreByRekindle(
  { rekindle, temporalAddress }: Rekindle,
  { platform, point, way }: { platform: string; point: string; way: RekindleWay },
): Promise<Measurement> {
  const args = ['restore', platform, '--point', point, ...options[way], '--yes', '--json'];
  const { stdout, seconds } = await rekindle(args);
  const report = passedReport(stdout);
  const timed = report.steps
    .filter(({ startedAt, finishedAt }) => startedAt !== undefined && finishedAt !== undefined)
    .map(({ title, action, scene, startedAt = '', finishedAt = '' }) => ({
      title,
      action,
      scene,
      began: Date.parse(startedAt) / 1000,
      ended: Date.parse(finishedAt) / 1000,
    }))
    .toSorted((a, b) => a.began - b.began);
  const first = timed.find(({ action, scene }) => action === 'stopService' && !scene)?.began ?? NaN;
  const healthy = timed.find(({ action }) => action === 'smokeCheck')?.ended ?? NaN;
  const connection = await Connection.connect({ address: temporalAddress });
  try {
    // The command line that was measured had this environment, too.
    const dataConverter = await readDataConverter(readEnvironment().payloadKeyFile);
    const { outside } = await measureOrchestration(new Client({ connection, dataConverter }), report.run);
    return {
      way: `rekindle (${way})`,
      downtime: healthy - first,
      total: seconds,
      steps: timed.map(({ title, began, ended }) => ({ name: title, from: began - first, seconds: ended - began })),
      orchestration: outside,
    };
  } finally {
    await connection.close();
  }
}
