import { useMemo } from 'preact/hooks';
import type { HistoryEntry, PlatformDetails } from '../../api/types.ts';
import { bytes } from '../../domain/units.ts';
import { useAsked } from '../api/hooks.ts';
import { Loaded } from '../parts/loading.tsx';
import { Section } from '../parts/section.tsx';
import { StateMark } from '../parts/state-mark.tsx';
import { Table, type Column } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import { lasting } from '../parts/times.ts';
import { phaseWord } from '../parts/tones.ts';
import { hrefOf } from '../route.ts';
import { Plot } from './plot.tsx';
import { entriesOf, seriesOf } from './series.ts';

/** How backups and restores went; read anew when another one ends. */
export function History({ platform, details }: { platform: string; details: PlatformDetails }) {
  const state = JSON.stringify([details.lastRun?.run, details.newestGood?.id, details.lastRestore?.run]);
  const history = useAsked<HistoryEntry[]>('history', { platform }, state);
  const rto = details.recoveryTimeObjectiveSeconds;
  return (
    <>
      <Section title="Backups over time">
        <Loaded of={history} what="the history">
          {(entries) => <Kind name="backup" entries={entriesOf(entries, 'backup')} />}
        </Loaded>
      </Section>
      <Section title="Restores over time">
        <Loaded of={history} what="the history">
          {(entries) => <Kind name="restore" entries={entriesOf(entries, 'restore')} objective={rto} />}
        </Loaded>
      </Section>
    </>
  );
}

function Kind({ name, entries, objective }: { name: string; entries: HistoryEntry[]; objective?: number | undefined }) {
  // By content: events bring equal documents again and again, and a plot that is made anew flickers.
  const series = useMemo(() => seriesOf(entries), [JSON.stringify(entries)]);
  if (entries.length === 0) return <p class="dim">None has ended yet</p>;
  const failed = entries.filter(({ phase }) => phase !== 'passed').length;
  const suspects = entries.filter(({ suspect }) => suspect).length;
  const sum = `${entries.length} ${entries.length === 1 ? name : `${name}s`}, ${failed} not passed${suspects > 0 ? `, ${suspects} suspect` : ''}`;
  return (
    <>
      <Plot series={series} objective={objective} label={`Durations of ${sum}. The table below has the figures.`} />
      <details>
        <summary>{sum}: as a table</summary>
        <Table
          caption={`${name}s, newest first`}
          columns={columns(name)}
          rows={entries}
          keyOf={({ run, finishedAt }) => run + finishedAt}
        />
      </details>
    </>
  );
}

function columns(name: string): Column<HistoryEntry>[] {
  const added: Column<HistoryEntry> = {
    title: 'Added',
    figure: true,
    cell: ({ incrementalBytes }) => (incrementalBytes === undefined ? '–' : bytes(incrementalBytes)),
  };
  return [
    {
      title: 'Ended',
      cell: ({ run, finishedAt }) => (
        <a href={hrefOf.run(run)}>
          <Time at={finishedAt} />
        </a>
      ),
    },
    {
      title: 'Outcome',
      cell: ({ phase, failure, suspect }) => (
        <>
          <StateMark {...phaseWord(phase)} />
          {failure !== undefined && <small> {failure}</small>}
          {suspect && <small class="warn"> suspect</small>}
        </>
      ),
    },
    { title: 'Took', figure: true, cell: ({ durationSeconds }) => lasting(durationSeconds) },
    ...(name === 'backup' ? [added] : []),
  ];
}
