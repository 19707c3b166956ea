import { mkdir, readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { redactWords } from '../../config/redaction.ts';
import { Failure } from '../../domain/failures.ts';
import { reportDocument } from '../../domain/reports/document.ts';
import type { PeriodSummary } from '../../domain/reports/period-summary.ts';
import type { RunReport } from '../../domain/reports/run-report.ts';
import { slugOf } from '../../domain/recovery-points/key-parts.ts';
import { unwritable, writeWhole } from '../whole-file.ts';

const formats: Record<string, (report: RunReport) => Promise<string>> = {
  '.html': async (report) => (await import('../../drawing/report/html.ts')).reportHtml(reportDocument(report)),
  '.md': async (report) => (await import('../../drawing/report/markdown.ts')).reportMarkdown(reportDocument(report)),
  '.json': (report) => Promise.resolve(`${JSON.stringify(report, undefined, 2)}\n`),
};

/** A function that writes a report to this file, in the format that its ending names. Failure: InvalidArgument. */
export function reportFile(file: string): (report: RunReport) => Promise<void> {
  const format = formats[extname(file).toLowerCase()];
  if (format === undefined)
    throw new Failure('InvalidArgument', {
      message: `--out ${file}: the file's ending says how the report is written, and must be .html, .md or .json`,
      remedy: 'Name a file that ends in .html (a page), .md (Markdown) or .json',
    });
  return async (report) => write(file, await format(redactWords(report)));
}

/**
 * Writes the bundle for an auditor: `summary.html`, `summary.json`, and each report as a page and as JSON. Failure:
 * InvalidArgument when the folder holds something, or cannot be written.
 */
export async function writeBundle(
  folder: string,
  summary: PeriodSummary,
  reports: readonly RunReport[],
): Promise<void> {
  const { summaryHtml } = await import('../../drawing/report/summary-html.ts');
  await emptyFolder(folder);
  const known = redactWords(summary);
  for (const report of reports)
    for (const ending of ['.html', '.json']) await reportFile(join(folder, nameOf(report.run, ending)))(report);
  await write(join(folder, 'summary.json'), `${JSON.stringify(known, undefined, 2)}\n`);
  // Last: a bundle with a summary is whole.
  await write(
    join(folder, 'summary.html'),
    summaryHtml(known, (run) => nameOf(run, '.html')),
  );
}

const nameOf = (run: string, ending: string) => `${slugOf(run)}${ending}`;

async function emptyFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    if ((await readdir(folder)).length === 0) return;
  } catch (error) {
    throw unwritable('--out', folder, error);
  }
  throw new Failure('InvalidArgument', {
    message: `--out ${folder}: the folder holds something already`,
    remedy: 'Name a new folder: a bundle replaces nothing',
  });
}

const write = (file: string, content: string) => writeWhole('--out', file, content, 0o640);
