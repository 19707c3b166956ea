import type { RetentionPolicy } from '../../domain/platform.ts';
import { wantedTiers } from '../../domain/recovery-points/retention-periods.ts';
import type { PrunePreview } from '../../operations/prune/preview-prune.ts';
import type { Output } from '../output.ts';
import { table } from './table.ts';

const mostForeign = 20;

/** Why each recovery point stays or goes, newest first; then the snapshots of other tools, which are never touched. */
export function renderPrunePreview(
  platform: string,
  { assessment, foreign }: Pick<PrunePreview, 'assessment' | 'foreign'>,
  { colour }: Pick<Output, 'colour'>,
): string {
  const { policy, points, verdicts, halfRemoved, warnings } = assessment;
  const rows = table(
    verdicts.map(({ id, keep, reasons }, index) => [
      keep ? 'stays' : 'goes',
      id,
      points[index]?.startedAt ?? '',
      reasons.join('; '),
    ]),
    { indent: '  ' },
  ).map((row, index) => (verdicts[index]?.keep === true ? row : colour.yellow(row)));
  const kept = verdicts.filter(({ keep }) => keep).length;
  return [
    `Retention of ${platform}: ${policy ? policyWords(policy) : 'none, every recovery point is kept'}`,
    ...rows,
    `${verdicts.length} recovery points: ${kept} stay, ${verdicts.length - kept} go; nothing was changed`,
    ...(halfRemoved.length > 0 ? [`An earlier prune was cut off: ${halfRemoved.join(', ')} would be finished`] : []),
    ...foreign.flatMap(foreignLines),
    ...warnings.map((warning) => `warning: ${warning}`),
  ].join('\n');
}

function policyWords(policy: RetentionPolicy): string {
  const { minimumCount, maximumAgeDays } = policy;
  return [
    ...wantedTiers(policy).map(({ tier, count }) => `${tier} ${count}`),
    `at least ${minimumCount}`,
    ...(maximumAgeDays === undefined ? [] : [`none older than ${maximumAgeDays} days`]),
  ].join(', ');
}

function foreignLines(seen: PrunePreview['foreign'][number]): string[] {
  const where = `the repository ${seen.repository} (${seen.store})`;
  if ('unseen' in seen) return [`Foreign snapshots in ${where}: could not look: ${seen.unseen}`];
  const { snapshots } = seen;
  if (snapshots.length === 0) return [`Foreign snapshots in ${where}: none`];
  const more = snapshots.length > mostForeign ? `, and ${snapshots.length - mostForeign} more` : '';
  return [`Foreign snapshots in ${where}, never touched: ${snapshots.slice(0, mostForeign).join(', ')}${more}`];
}
