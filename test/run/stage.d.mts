/** What Jest's report of a stage comes to; `code`: what Jest ended with. */
export function countOf(
  reportFile: string,
  code: number | null,
): {
  passed: number;
  failed: number;
  skipped: number;
  failures: string[];
  files: { name: string; milliseconds: number }[];
};
