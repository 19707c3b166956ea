import { isDrift, type ScheduleChange } from '../../domain/schedule/difference.ts';
import type { Output } from '../output.ts';
import type { ScheduleView } from '../../client/schedules/view.ts';
import { table } from './table.ts';

type Colour = Pick<Output, 'colour'>;

/** What differs between file and Temporal, a block for each schedule, and what `apply` does about it. */
export function renderChanges(changes: readonly ScheduleChange[], { colour }: Colour): string {
  return changes.flatMap((change) => changeLines(change, { colour })).join('\n');
}

function changeLines(change: ScheduleChange, { colour }: Colour): string[] {
  if (change.change === 'none') return [`  ${change.id}: as the file asks`];
  if (change.change === 'remove')
    return [colour.red(`- ${change.id}: to be removed, the file asks for no such schedule`)];
  if (change.change === 'create')
    return [
      colour.green(`+ ${change.id}: to be made`),
      ...table(Object.entries(change.fields), { indent: '    ' }).map(colour.green),
    ];
  const causes = { file: 'the file changed', hand: 'changed by hand in Temporal' };
  const rows = change.fields.map(({ field, is, wanted, cause }) => [field, `${is} → ${wanted}`, `(${causes[cause]})`]);
  return [
    colour.yellow(`~ ${change.id}: to be ${isDrift(change) ? 'put back to what the file asks for' : 'changed'}`),
    ...table(rows, { indent: '    ' }).map(colour.yellow),
  ];
}

export function renderSchedules(views: readonly ScheduleView[], output: Colour): string {
  return views
    .flatMap((view) => [...scheduleLines(view, output), ''])
    .join('\n')
    .trimEnd();
}

function scheduleLines(view: ScheduleView, output: Colour): string[] {
  const { colour } = output;
  const { id, timing, state, paused, note, next, runs, change } = view;
  const rows = [
    ...(paused ? [['paused', note || 'without a note']] : []),
    ...(next.length > 0 ? [['next', next.join(', ')]] : []),
    ...(view.missed > 0 ? [['missed', `starts that were older than the catch-up window: ${view.missed}`]] : []),
    ...runs.map((run, index) => [index === 0 ? 'last' : '', `${run.startedAt}  ${run.outcome}  ${run.id}`]),
    ...(state !== 'missing' && runs.length === 0 ? [['last', 'no run yet']] : []),
  ];
  const painted = state === 'as the file asks' && !paused ? colour.green : colour.yellow;
  return [
    painted(`${id}: ${timing ?? 'the file asks for no such schedule'}`),
    ...table(rows, { indent: '  ' }),
    ...(change.change === 'none' ? [] : changeLines(change, output).map((line) => `  ${line}`)),
  ];
}
