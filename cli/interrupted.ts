import { exitCodes } from './exit-codes.ts';

export class Interrupted extends Error {
  readonly exitCode = exitCodes.interrupted;
  readonly run: string;

  /** `commands`: what to type to see it again, and to end it. */
  constructor(run: string, commands = { watch: `rekindle watch ${run}`, end: `rekindle cancel ${run}` }) {
    super(`interrupted; the run goes on\n→ watch it: ${commands.watch}\n→ end it:   ${commands.end}`);
    this.run = run;
  }
}
