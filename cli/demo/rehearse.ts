import path from 'node:path';
import type { Desk } from '../../client/desk.ts';
import { startedHere, type CommandContext, type CommandResult } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { followToEnd } from '../follow.ts';
import { reportFile } from '../reports/files.ts';
import { platformDesk } from '../with-desk.ts';

/** Stays when the demo is removed; the next demo replaces it. */
const pageOf = (folder: string) => path.join(path.dirname(folder), 'demo-drill.html');

/** A drill next to the platform that has just come back, and its report as a page that stands alone. */
export async function rehearse(
  { environment, output }: CommandContext,
  desk: Desk,
  { platform, folder }: { platform: string; folder: string },
): CommandResult {
  const run = await desk.start('drill', { platform, startedBy: startedHere('demo') });
  const exitCode = await followToEnd(desk, run, output);
  if (exitCode !== exitCodes.passed) return exitCode;
  const file = pageOf(folder);
  await reportFile(file)(await (await platformDesk(environment)).report(run, platform));
  output.say(`its report, a page to open in a browser: ${file}`);
  return exitCode;
}
