import type { PeriodSummary, ReportedRun } from '../../domain/reports/period-summary.ts';
import { seconds } from '../../domain/units.ts';
import { escapeXml } from '../escape-xml.ts';
import { htmlPage, section, table } from './html.ts';

/** The summary of a period as a page that stands alone. `fileOf`: the page of a run's report beside it. */
export function summaryHtml(summary: PeriodSummary, fileOf: (run: string) => string): string {
  const { platform, from, to, madeAt, objectives, runs, reports, points, gaps, chain } = summary;
  const { recoveryPointMinutes: rpo, recoveryTimeMinutes: rto } = objectives;
  const title = `Backups and restores of ${platform}`;
  const facts = [
    ['Period', `${from} to ${to}`],
    ['Made', madeAt],
    ['RPO', rpo === undefined ? 'none set' : seconds(rpo * 60)],
    ['RTO', rto === undefined ? 'none set' : seconds(rto * 60)],
    [
      'Recovery points of the period',
      `${points.kept} kept, ${points.proven} proven, ${points.bad} bad, ${points.suspect} suspect`,
    ],
    ['Chain of reports', chainWords(summary)],
    ['Its newest links', chain.heads.join(', ') || 'none'],
  ];
  const counts = Object.entries(runs).map(([kind, ended]) => [
    kind,
    Object.entries(ended)
      .map(([phase, count]) => `${count} ${phase}`)
      .join(', '),
  ]);
  const gapRows = (gaps ?? []).map((gap) => [gap.from, gap.to, seconds(gap.seconds)]);
  return htmlPage(title, [
    `<h1>${escapeXml(title)}</h1>`,
    table(facts),
    ...section('Runs', table(counts), counts),
    ...section('Restores and other runs with a report', reportTable(reports, fileOf), reports),
    ...section('Times without a backup within the RPO', table(gapRows, ['From', 'To', 'Lasted']), gapRows),
    ...section(
      'What does not fit the chain of reports',
      `<ul>${chain.faults.map((fault) => `<li>${escapeXml(fault)}</li>`).join('')}</ul>`,
      chain.faults,
    ),
  ]);
}

function reportTable(reports: readonly ReportedRun[], fileOf: (run: string) => string): string {
  const head = ['Ended', 'Run', 'Verdict', 'Recovery point', 'Data loss', 'Recovery time'];
  const rows = reports.map(({ run, finishedAt, verdict, recoveryPoint = '', objectives, missing }) => {
    const actual = (name: string) => {
      const row = objectives.find((one) => one.name === name);
      return row === undefined ? '' : `${row.actual}${row.met === false ? ', not met' : ''}`;
    };
    const link =
      missing === undefined
        ? `<a href="${escapeXml(encodeURI(fileOf(run)))}">${escapeXml(run)}</a>`
        : `${escapeXml(run)} (no report: ${escapeXml(missing)})`;
    const cells = [verdict, recoveryPoint, actual('data loss'), actual('recovery time')].map(escapeXml);
    return `<tr><td>${[escapeXml(finishedAt), link, ...cells].join('</td><td>')}</td></tr>`;
  });
  const heads = head.map((text) => `<th scope="col">${text}</th>`).join('');
  return `<table><thead><tr>${heads}</tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
}

function chainWords({ chain: { reports, faults, unchained } }: PeriodSummary): string {
  const older = unchained === 0 ? '' : `; ${unchained} older ones were written before there was a chain`;
  return `${reports} reports, ${faults.length === 0 ? 'none changed, none removed before the newest' : `${faults.length} faults, listed below`}${older}`;
}
