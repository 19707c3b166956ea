import type { Gap } from '../../domain/reports/gaps.ts';
import { drillDays, type PeriodSummary } from '../../domain/reports/period-summary.ts';
import type { ReportedRun } from '../../domain/reports/reported-run.ts';
import { seconds } from '../../domain/units.ts';
import { escapeXml } from '../escape-xml.ts';
import { cell, htmlPage, section, table } from './html.ts';

/** The summary of a period as a page that stands alone. `fileOf`: the page of a run's report beside it. */
export function summaryHtml(summary: PeriodSummary, fileOf: (run: string) => string): string {
  const { platform, runs, reports, chain, objectives, provenWithinDays } = summary;
  const title = `Backups, drills and restores of ${platform}`;
  const whole = chain.faults.length === 0;
  const counts = Object.entries(runs).map(([kind, ended]) => [
    kind,
    Object.entries(ended)
      .map(([phase, count]) => `${count} ${phase}`)
      .join(', '),
  ]);
  const drills = reports.filter(({ kind }) => kind === 'drill');
  const others = reports.filter(({ kind }) => kind !== 'drill');
  const noDays = 'No days are set within which a recovery point must be proven (objectives.provenWithinDays).';
  return htmlPage(
    title,
    [
      `<h1>${escapeXml(title)}</h1>`,
      table(factsOf(summary)),
      `<h2>Chain of reports <span class="verdict ${whole ? 'good' : 'bad'}">${whole ? 'pass' : 'fail'}</span></h2>`,
      `<p>${escapeXml(chainWords(summary))}</p>`,
      ...(whole ? [] : [list(chain.faults)]),
      ...(chain.heads.length === 0
        ? []
        : ['<p>Newest links, to be compared with what was noted elsewhere:</p>', list(chain.heads)]),
      '<h2>Runs that ended in the period</h2>',
      counts.length === 0 ? '<p>None.</p>' : table(counts),
      ...runSection('Drills', drills, drillColumns, fileOf),
      ...runSection('Restores and other runs with a report', others, restoreColumns, fileOf),
      ...gapSection(
        'Times without a backup within the RPO',
        summary.gaps,
        objectives.recoveryPointMinutes === undefined ? 'No RPO is set (objectives.recoveryPointMinutes).' : '',
      ),
      ...gapSection(
        `Times without a proof that was new enough${daysWords(provenWithinDays)}`,
        summary.proofGaps,
        noDays,
      ),
      ...gapSection(
        `Times without a drill that was new enough${daysWords(drillDays(summary))}`,
        summary.drillGaps,
        'No days are set within which a drill must pass (objectives.drilledWithinDays).',
      ),
    ],
    { broad: true },
  );
}

function factsOf({ from, to, madeAt, objectives, provenWithinDays, points, reports }: PeriodSummary): string[][] {
  const { recoveryPointMinutes: rpo, recoveryTimeMinutes: rto } = objectives;
  const missed = reports.filter((one) => one.objectives.some(({ met }) => met === false));
  return [
    ['Period', `${from} to ${to}`],
    ['Made', madeAt],
    ['RPO', rpo === undefined ? 'none set' : seconds(rpo * 60)],
    ['RTO', rto === undefined ? 'none set' : seconds(rto * 60)],
    ['Proven within', provenWithinDays === undefined ? 'none set' : `${provenWithinDays} d`],
    [
      'Recovery points of the period',
      `${points.kept} kept, ${points.proven} proven, ${points.bad} bad, ${points.suspect} suspect`,
    ],
    [
      'Restores and drills that missed an objective',
      missed.length === 0 ? 'none' : missed.map(({ run }) => run).join(', '),
    ],
  ];
}

type Column = [head: string, of: (run: ReportedRun) => string];

const took: Column = ['Took', ({ tookSeconds }) => seconds(tookSeconds)];
const waited: Column = [
  'Waited for people',
  ({ waitedSeconds }) => (waitedSeconds === undefined ? '' : seconds(waitedSeconds)),
];
const recovery: Column = ['Recovery time', actual('recovery time')];
const forecastError: Column = [
  'Forecast error',
  ({ forecastErrorPercent: error }) => (error === undefined ? '' : `${error} %`),
];
const deviations: Column = ['Deviations', ({ deviations: count }) => (count === undefined ? '' : String(count))];

const drillColumns: Column[] = [
  [
    'Recovery point',
    ({ recoveryPoint = '', indicesOfPart }) =>
      indicesOfPart === undefined ? recoveryPoint : `${recoveryPoint}, ${indicesOfPart} indices of it`,
  ],
  ['Its age', actual('age of the point')],
  took,
  recovery,
  forecastError,
  ['Proven', ({ provenAt }) => (provenAt === undefined ? 'no' : 'yes')],
  deviations,
];
const restoreColumns: Column[] = [
  ['Recovery point', ({ recoveryPoint = '' }) => recoveryPoint],
  ['Data loss', actual('data loss')],
  took,
  waited,
  recovery,
  forecastError,
  deviations,
];

function actual(name: string): Column[1] {
  return ({ objectives }) => {
    const row = objectives.find((one) => one.name === name);
    return row === undefined ? '' : `${row.actual}${row.met === false ? ', NOT MET' : ''}`;
  };
}

function runSection(
  heading: string,
  runs: readonly ReportedRun[],
  columns: readonly Column[],
  fileOf: (run: string) => string,
): string[] {
  if (runs.length === 0) return [`<h2>${heading}</h2>`, '<p>None.</p>'];
  const heads = ['Ended', 'Run', 'Verdict', ...columns.map(([head]) => head)];
  const rows = runs.map((each) => {
    const { run, finishedAt, verdict, missing } = each;
    const link =
      missing === undefined
        ? `<a href="${escapeXml(encodeURI(fileOf(run)))}">${escapeXml(run)}</a>`
        : `${escapeXml(run)} (no report: ${escapeXml(missing)})`;
    const ended = `${finishedAt.slice(0, 19)}Z`;
    const cells = [cell(ended), cell(run, link), cell(verdict), ...columns.map(([, of]) => cell(of(each)))];
    return `<tr>${cells.join('')}</tr>`;
  });
  const head = heads.map((text) => `<th scope="col">${text}</th>`).join('');
  const drawn = `<table><thead><tr>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
  return section(heading, drawn, runs);
}

/** `otherwise`: why it was not judged. That there are no gaps is said. */
function gapSection(heading: string, gaps: readonly Gap[] | undefined, otherwise: string): string[] {
  if (gaps === undefined) return [`<h2>${heading}</h2>`, `<p>${otherwise}</p>`];
  if (gaps.length === 0) return [`<h2>${heading}</h2>`, '<p>None.</p>'];
  const rows = gaps.map((gap) => [gap.from, gap.to, lasted(gap.seconds)]);
  return section(heading, table(rows, ['From', 'To', 'Lasted']), rows);
}

/** Gaps of drills last for weeks. */
function lasted(count: number): string {
  return count < 172_800 ? seconds(count) : `${(count / 86_400).toFixed(1)} d`;
}

const daysWords = (days: number | undefined) => (days === undefined ? '' : ` (${days} d)`);

const list = (lines: readonly string[]) => `<ul>${lines.map((line) => `<li>${escapeXml(line)}</li>`).join('')}</ul>`;

function chainWords({ chain: { reports, faults, unchained } }: PeriodSummary): string {
  const found = faults.length === 0 ? 'none changed, none removed before the newest' : counted(faults.length, 'fault');
  const older = unchained === 0 ? '' : `; ${counted(unchained, 'report')} from before there was a chain`;
  return `${counted(reports, 'report')}, ${found}${older}.`;
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
