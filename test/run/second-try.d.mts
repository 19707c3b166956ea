import type { FileReport } from './report.mjs';

/** The files that get a second try. */
export function filesToTryAgain(
  stage: { lane?: string },
  asked: { all?: boolean },
  files: FileReport[] | undefined,
): FileReport[];

/** The report with what the second try found in place of the first, and what failed first and then passed. */
export function withSecondTry(
  first: FileReport[],
  second: FileReport[] | undefined,
): { files: FileReport[]; unstable: string[] };
