import type { RunProgress } from '../domain/runs/progress.ts';

/** The report that a command printed with `--json`; throws when its verdict is no pass: nothing is measured by it then. */
export function passedReport(stdout: string): RunProgress {
  const report = JSON.parse(stdout) as RunProgress;
  if (report.verdict !== 'pass') throw new Error(`The verdict of ${report.run} is ${String(report.verdict)}`);
  return report;
}
