import type { ComponentChildren } from 'preact';
import type { PlatformRow, PointBrief } from '../../api/types.ts';
import { onlyKeeps } from '../../domain/runs/progress.ts';
import { useNow } from '../api/hooks.ts';
import { Bar } from '../parts/bar.tsx';
import { usedOf } from '../parts/objective.ts';
import { Mark, StateMark } from '../parts/state-mark.tsx';
import { Away } from '../parts/time.tsx';
import { lasting } from '../parts/times.ts';
import { phaseWord } from '../parts/tones.ts';
import { hrefOf } from '../route.ts';
import { absentWord, stateOf } from './urgency.ts';

export function Row({ row, place, of }: { row: PlatformRow; place: number; of: number }) {
  const { platform, reason, newestGood, newestProven, nextBackupAt, recoveryPointObjectiveSeconds } = row;
  const absent = absentWord(row, 'none');
  return (
    <li aria-posinset={place} aria-setsize={of}>
      <a class={`platform ${stateOf(row).tone}`} href={hrefOf.platform(platform)}>
        <Cell title="State" name="is">
          <StateMark {...stateOf(row)} />
        </Cell>
        <Cell title="Platform" name="name">
          <strong>{platform}</strong>
          {reason !== undefined && <small class="reason">{reason}</small>}
        </Cell>
        <Cell title="Newest good point">
          <Point point={newestGood} objective={recoveryPointObjectiveSeconds} absent={absent} />
        </Cell>
        <Cell title="Newest proven">
          <Point point={newestProven} absent={absent} />
        </Cell>
        <Cell title="Last restore">
          <LastRestore row={row} />
        </Cell>
        <Cell title="Next backup">
          {nextBackupAt === undefined ? <span class="dim">none planned</span> : <Away at={nextBackupAt} />}
        </Cell>
        <Cell title="Now" name="now">
          <Now row={row} />
        </Cell>
      </a>
    </li>
  );
}

function Cell({ title, name, children }: { title: string; name?: string; children: ComponentChildren }) {
  return (
    <span class={`cell ${name ?? ''}`}>
      <span class="label">{title}</span>
      <span class="value">{children}</span>
    </span>
  );
}

function Point({
  point,
  objective,
  absent,
}: {
  point: PointBrief | undefined;
  objective?: number | undefined;
  absent: string;
}) {
  const now = useNow(10_000);
  if (point === undefined) return <span class="dim">{absent}</span>;
  const used = usedOf((now - Date.parse(point.startedAt)) / 1000, objective);
  return (
    <>
      <Away at={point.startedAt} />
      {objective !== undefined && <small class="dim"> of {lasting(objective)}</small>}
      {used && <Bar {...used} />}
    </>
  );
}

function LastRestore({ row }: { row: PlatformRow }) {
  const { lastRestore, recoveryTimeObjectiveSeconds } = row;
  if (lastRestore === undefined) return <span class="dim">{absentWord(row, 'never')}</span>;
  const { phase, durationSeconds, finishedAt } = lastRestore;
  const passed = phase === 'passed';
  const used = passed ? usedOf(durationSeconds, recoveryTimeObjectiveSeconds) : undefined;
  return (
    <>
      <span class={phaseWord(phase).tone}>{passed ? lasting(durationSeconds) : phase}</span>{' '}
      <small class="dim">
        {passed && recoveryTimeObjectiveSeconds !== undefined && `of ${lasting(recoveryTimeObjectiveSeconds)} · `}
        <Away at={finishedAt} />
      </small>
      {used && <Bar {...used} />}
    </>
  );
}

function Now({ row: { runs, worker, incidents, suspectPoints = 0 } }: { row: PlatformRow }) {
  const working = 'value' in runs ? runs.value.filter((run) => !onlyKeeps(run)) : [];
  const items: ComponentChildren[] = working.map(({ run, kind, phase }) => (
    <span key={run} class={`item ${phaseWord(phase).tone}`}>
      <Mark tone={phaseWord(phase).tone} />
      <span>
        {kind}: {phase}
      </span>
    </span>
  ));
  if (worker === 'absent') items.unshift(<Item tone="bad" text="no worker takes its work" />);
  if (incidents > 0) items.push(<Item tone="bad" text={incidents === 1 ? '1 incident' : `${incidents} incidents`} />);
  if (suspectPoints > 0) items.push(<Item tone="warn" text={`${suspectPoints} suspect`} />);
  if (items.length > 0) return <>{items}</>;
  return <span class="dim">{'value' in runs ? 'nothing runs' : 'not known'}</span>;
}

function Item({ tone, text }: { tone: 'bad' | 'warn'; text: string }) {
  return (
    <span class={`item ${tone}`}>
      <Mark tone={tone} />
      <span>{text}</span>
    </span>
  );
}
