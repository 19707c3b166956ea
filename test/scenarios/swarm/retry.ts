import { setTimeout as pause } from 'node:timers/promises';
import { finalPhases, type RunProgress } from '../../../domain/runs/progress.ts';
import { expecting } from '../../expecting.ts';

/** With `--json`: `json` is the document. */
type Command = (args: string[]) => Promise<{ exitCode: number; text: string; json: unknown }>;

/** Answers each question of the platform's run with another try, and follows it to its end, which must be a pass. */
export async function retryToTheEnd(rekindle: Command, platform: string): Promise<void> {
  for (let retries = 0; ;) {
    const { exitCode, text, json } = await rekindle(['status', platform, '--json']);
    const { phase, pendingDecisions } = json as RunProgress;
    // What cannot be mended is asked again and again.
    if (finalPhases.has(phase) || retries > 10) {
      expecting({ exitCode, phase }, text).toEqual({ exitCode: 0, phase: 'passed' });
      return;
    }
    for (const { step } of pendingDecisions) {
      const told = await rekindle(['decide', platform, 'retry', '--step', step, '--by', 'anna']);
      // Another's answer may have been for this one as well.
      expecting([0, 2, 3], told.text).toContain(told.exitCode);
      retries += 1;
    }
    await pause(1000);
  }
}
