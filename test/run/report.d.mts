export interface FileReport {
  name: string;
  milliseconds: number;
  passed: number;
  failed: number;
  skipped: number;
  failures: string[];
}

/** What Jest's report says of each file; undefined: there is none. */
export function readReport(reportFile: string): FileReport[] | undefined;

/** The sum over the files; `code`: what Jest ended with. */
export function countOf(
  files: FileReport[] | undefined,
  code: number | null,
): {
  passed: number;
  failed: number;
  skipped: number;
  failures: string[];
  files: { name: string; milliseconds: number }[];
};
