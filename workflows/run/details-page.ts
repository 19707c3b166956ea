import type { Check } from '../../domain/checks.ts';
import { lossWords } from '../../domain/notifications/plan-summary.ts';
import type { Forecast } from '../../domain/runs/forecast.ts';
import { keptData } from '../../domain/runs/kept-data.ts';
import { stepMarks, type RunProgress, type StepState } from '../../domain/runs/progress.ts';
import { startedByWords } from '../../domain/runs/started-by.ts';

/** Temporal shows at most 20 KB. */
const longestPage = 18_000;
const longestText = 800;

/** What the Temporal UI shows of a run under User Metadata: Markdown; of a long plan only the rows that matter now. */
export function detailsPage(progress: RunProgress): string {
  const parts = [
    `## ${progress.kind} of ${progress.platform}: ${progress.phase}${progress.verdict ? ` (${progress.verdict})` : ''}`,
    progress.recoveryPoint &&
      `Recovery point **${progress.recoveryPoint.id}**${progress.recoveryPoint.adopted ? ' (adopted)' : ''}, data as of ${progress.recoveryPoint.startedAt}.`,
    progress.startedBy && cut(`Started ${startedByWords(progress.startedBy)}.`, longestText),
    progress.note && cut(progress.note, longestText),
    progress.phase === 'waiting for approval' && progress.forecast && forecastLine(progress.forecast),
    progress.phase === 'waiting for approval' &&
      `Approve with the Update \`approve\` and \`{"planHash": "${progress.planHash ?? ''}", "by": "<you>"}\`.`,
    ...atMost(
      3,
      progress.pendingDecisions.map(
        ({ step, failure, choices }) =>
          `**${step} failed:** ${explained(failure)} Decide with the Update \`decide\` and ` +
          `\`{"step": "${step}", "choice": "…", "by": "<you>"}\`: ${choices.map((c) => `**${c.choice}** (${c.meaning})`).join(', ')}.`,
      ),
    ),
    quarantineLine(progress),
    progress.obstacle &&
      `**Waits, deletes nothing, tries again at ${progress.obstacle.nextTryAt}:** ${explained(progress.obstacle.failure)}`,
    progress.failure && `**${progress.failure.kind}:** ${explained(progress.failure)}`,
    ...atMost(
      3,
      (progress.notes ?? []).map((note) => `Note: ${cut(note, 200)}`),
    ),
  ].filter((part) => typeof part === 'string' && part !== '');
  const checks = checkLines(progress.checks);
  const room = longestPage - bytesOf([...parts, checks].join('\n\n'));
  if (progress.steps.length > 0) parts.push(stepTable(progress, room));
  return [...parts, checks].filter((part) => part !== '').join('\n\n');
}

/** Those that did not pass, or passed with a warning. */
export function checkLines(checks: readonly Check[]): string {
  const bad = checks
    .filter(({ verdict, warning }) => verdict !== 'pass' || warning)
    .map(
      ({ name, verdict, evidence, remedy, warning }) =>
        `- **${warning ? 'warning' : verdict}** ${name}: ${cut(evidence, 200)}${remedy && ` → ${cut(remedy, 200)}`}`,
    );
  return atMost(10, bad).join('\n');
}

function forecastLine({ downtimeSeconds, basis, lost }: Forecast): string {
  return `Forecast: ${downtimeSeconds} s without service (${basis}). Lost: ${lossWords(lost)}.`;
}

function quarantineLine(progress: RunProgress): string | undefined {
  const kept = keptData(progress);
  return (
    kept &&
    `${sentence(kept)}; \`${progress.quarantine?.workflow ?? ''}\` takes the Updates \`rollback\` and \`release\` with \`{"by": "<you>"}\`.`
  );
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function explained({ message, remedy }: { message: string; remedy: string }): string {
  return `${cut(message, longestText)} *${cut(remedy, longestText)}*`;
}

function atMost(count: number, lines: string[]): string[] {
  return lines.length <= count ? lines : [...lines.slice(0, count), `- … and ${lines.length - count} more`];
}

function stepTable(progress: RunProgress, room: number): string {
  const { steps } = progress;
  const done = steps.filter(({ status }) => status === 'done').length;
  const head = [
    `${done} of ${steps.length} steps done`,
    '',
    '| | step | start (UTC) | seconds | |',
    '|---|---|---|---|---|',
  ];
  const rows = steps.map((step) => {
    const mark = step.id === progress.pointOfNoReturn?.step ? `${step.title} **(point of no return)**` : step.title;
    return `| ${stepMarks[step.status]} | ${mark} | ${time(step.startedAt)} | ${duration(step)} | ${cut(step.summary ?? '', 160)} |`;
  });
  const shown = rowsThatMatter(steps, rows, room - 200);
  const lines: string[] = [];
  for (let index = 0, hidden = 0; index <= rows.length; index++) {
    const row = rows[index];
    if (row !== undefined && !shown.has(index)) {
      hidden += 1;
      continue;
    }
    if (hidden > 0) lines.push(`| … | ${hidden} more | | | |`);
    hidden = 0;
    if (row !== undefined) lines.push(row);
  }
  return [...head, ...lines].join('\n');
}

/** As many rows as there is room for: first what runs or failed, then what stands nearest to where the run is now. */
function rowsThatMatter(steps: StepState[], rows: string[], room: number): Set<number> {
  const now = steps.findIndex(({ status }) => status === 'running' || status === 'waiting');
  const distance = (index: number) => {
    const { status } = steps[index] ?? {};
    return status === 'done' || status === 'waiting' ? 1 + Math.abs(index - (now < 0 ? 0 : now)) : 0;
  };
  const shown = new Set<number>();
  let left = room;
  for (const index of [...rows.keys()].toSorted((a, b) => distance(a) - distance(b))) {
    // Room for the line that says how many rows are missing before it, too.
    left -= bytesOf(rows[index] ?? '') + (distance(index) === 0 ? 30 : 1);
    if (left < 0) break;
    shown.add(index);
  }
  return shown;
}

function time(iso: string | undefined): string {
  return iso?.slice(11, 19) ?? '';
}

function duration({ startedAt, finishedAt }: StepState): string {
  if (startedAt === undefined || finishedAt === undefined) return '';
  return ((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000).toFixed(1);
}

/** One line, at most so many characters, that does not break a table. */
export function cut(text: string, length: number): string {
  const line = text
    .slice(0, length + 1)
    .replaceAll('|', '\\|')
    .replaceAll('\n', ' ');
  return text.length > length ? `${line.slice(0, -1)}…` : line;
}

/** In UTF-8; half a surrogate pair counts as three, which is more than it needs. */
function bytesOf(text: string): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
  }
  return bytes;
}
