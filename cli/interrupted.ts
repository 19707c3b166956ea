import { exitCodes } from './exit-codes.ts';

export class Interrupted extends Error {
  readonly exitCode = exitCodes.interrupted;
  readonly run: string;

  constructor(run: string) {
    super(`interrupted; the run goes on\n→ watch it: rekindle watch ${run}\n→ end it:   rekindle cancel ${run}`);
    this.run = run;
  }
}
