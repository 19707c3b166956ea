import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { redactWords } from '../../config/redaction.ts';
import { Failure } from '../../domain/failures.ts';
import { slugOf } from '../../domain/recovery-points/key-parts.ts';
import { linkText, type StoredLink } from '../../domain/reports/chain.ts';
import type { PeriodSummary } from '../../domain/reports/period-summary.ts';
import type { RunReport } from '../../domain/reports/run-report.ts';
import { unwritable } from '../whole-file.ts';
import { reportFile, writeReadable } from './files.ts';

interface Bundled {
  reports: readonly RunReport[];
  links: readonly StoredLink[];
}

/** Below the bundle, so that the summary is what is seen first. */
const reportsFolder = 'reports';

/**
 * Writes the bundle for an auditor: `summary.html` and `summary.json`; in `reports`, each report as a page and as JSON, byte for
 * byte as the chain vouches for it; the chain itself; and the SHA-256 of every file, for `sha256sum -c`. Failure: InvalidArgument
 * when the folder holds something, or cannot be written.
 */
export async function writeBundle(folder: string, summary: PeriodSummary, { reports, links }: Bundled): Promise<void> {
  const { summaryHtml } = await import('../../drawing/report/summary-html.ts');
  await emptyFolder(folder);
  if (reports.length > 0) await emptyFolder(join(folder, reportsFolder));
  const known = redactWords(summary);
  const written: string[] = [];
  const keep = async (name: string, write: (file: string) => Promise<void>) => {
    await write(join(folder, name));
    written.push(name);
  };
  for (const report of reports)
    for (const ending of ['.html', '.json']) await keep(nameOf(report.run, ending), (file) => reportFile(file)(report));
  await keep('chain.json', (file) => writeReadable(file, chainText(links)));
  await keep('summary.json', (file) => writeReadable(file, `${JSON.stringify(known, undefined, 2)}\n`));
  const page = summaryHtml(known, (run) => nameOf(run, '.html'));
  await writeReadable(join(folder, 'SHA256SUMS'), await sums(folder, written, page));
  // Last: a bundle with a summary is complete.
  await writeReadable(join(folder, 'summary.html'), page);
}

const nameOf = (run: string, ending: string) => `${reportsFolder}/${slugOf(run)}${ending}`;

/** Each link with its name and its text, whose SHA-256 the name is. */
function chainText(links: readonly StoredLink[]): string {
  return `${JSON.stringify(
    links.map(({ digest: _, ...link }) => ({ ...link, text: linkText(link) })),
    undefined,
    2,
  )}\n`;
}

async function sums(folder: string, names: readonly string[], page: string): Promise<string> {
  const lines = names.map(async (name) => `${sha256(await readFile(join(folder, name)))}  ${name}\n`);
  return [...(await Promise.all(lines)), `${sha256(page)}  summary.html\n`].join('');
}

const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');

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
