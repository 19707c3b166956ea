import { expecting } from '../../expecting.ts';

type Command = (args: string[]) => Promise<{ exitCode: number; text: string }>;

/** Answers each question of the platform's run with another try, and follows it to its end, which must be a pass. */
export async function retryToTheEnd(rekindle: Command, platform: string): Promise<void> {
  for (let round = 1; ; round += 1) {
    const { exitCode, text } = await rekindle(['watch', platform]);
    // A question is asked once per step; steps side by side ask one after the other.
    if (exitCode !== 4 || round > 5) {
      expecting(exitCode, text).toBe(0);
      return;
    }
    const steps = new Set([...text.matchAll(/ retry --step (\S+)/g)].map(([, step = '']) => step));
    for (const step of steps) {
      const told = await rekindle(['decide', platform, 'retry', '--step', step, '--by', 'anna']);
      expecting(told.exitCode, told.text).toBe(0);
    }
  }
}
