import { extname } from 'node:path';
import { redactWords } from '../../config/redaction.ts';
import { Failure } from '../../domain/failures.ts';
import { reportDocument } from '../../domain/reports/document.ts';
import { reportText, storedPart, type RunReport } from '../../domain/reports/run-report.ts';
import { writeWhole } from '../whole-file.ts';

const formats: Record<string, (report: RunReport) => Promise<string>> = {
  '.html': async (report) => (await import('../../drawing/report/html.ts')).reportHtml(reportDocument(report)),
  '.md': async (report) => (await import('../../drawing/report/markdown.ts')).reportMarkdown(reportDocument(report)),
  // As it lies in the catalogue, so that its SHA-256 is the one that the chain names.
  '.json': (report) => Promise.resolve(reportText(storedPart(report))),
};

/** A function that writes a report to this file, in the format that its ending names. Failure: InvalidArgument. */
export function reportFile(file: string): (report: RunReport) => Promise<void> {
  const format = formats[extname(file).toLowerCase()];
  if (format === undefined)
    throw new Failure('InvalidArgument', {
      message: `--out ${file}: the file's ending says how the report is written, and must be .html, .md or .json`,
      remedy: 'Name a file that ends in .html (a page), .md (Markdown) or .json',
    });
  return async (report) => writeReadable(file, await format(redactWords(report)));
}

/** For the owner and the group: a report names what a platform consists of. */
export const writeReadable = (file: string, content: string) => writeWhole('--out', file, content, 0o640);
