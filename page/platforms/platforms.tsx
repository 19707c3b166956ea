import { useMemo, useRef, useState } from 'preact/hooks';
import type { PlatformRow } from '../../api/types.ts';
import { useFollowed } from '../api/hooks.ts';
import { OpenFleets } from '../fleets/open-fleets.tsx';
import { Loaded } from '../parts/loading.tsx';
import { Notice } from '../parts/notice.tsx';
import { StateMark } from '../parts/state-mark.tsx';
import { Row } from './row.tsx';
import { byUrgency, matching, summaryOf } from './urgency.ts';
import { useWindow } from './use-window.ts';

export function Platforms() {
  const followed = useFollowed<PlatformRow[]>({ topic: 'platforms', route: 'platforms' });
  return (
    <main id="main" tabIndex={-1}>
      <h1 class="unseen">Platforms</h1>
      <OpenFleets />
      <Loaded of={followed} what="the platforms">
        {(rows) => (rows.length === 0 ? <Nothing /> : <List rows={rows} />)}
      </Loaded>
    </main>
  );
}

function List({ rows }: { rows: PlatformRow[] }) {
  const [filter, setFilter] = useState('');
  const sorted = useMemo(() => byUrgency(rows), [rows]);
  const found = useMemo(() => matching(sorted, filter), [sorted, filter]);
  const list = useRef<HTMLDivElement>(null);
  const { shape, columns, rowHeight, first, end, above, below } = useWindow(list, found.length);
  const trouble = rows.flatMap(({ runs }) => ('trouble' in runs ? [runs.trouble] : []))[0];
  return (
    <>
      {trouble && <Notice tone="warn" message={`What runs is not known: ${trouble.message}`} remedy={trouble.remedy} />}
      <div class="above-list">
        <ul class="summary" aria-label="Summary">
          {summaryOf(rows).map(({ word, tone, count }) => (
            <li key={word}>
              <strong>{count}</strong> <StateMark tone={tone} word={word} />
            </li>
          ))}
        </ul>
        <input
          type="search"
          aria-label="Filter platforms by name or state"
          placeholder="Filter by name or state"
          value={filter}
          onInput={({ currentTarget }) => setFilter(currentTarget.value)}
        />
      </div>
      <p class="unseen" role="status">
        {filter === '' ? '' : `${found.length} of ${rows.length} platforms`}
      </p>
      {shape === 'rows' && <Headings />}
      <div ref={list}>
        <ul
          class={`platforms ${shape}`}
          style={{
            paddingTop: `${above}px`,
            paddingBottom: `${below}px`,
            '--columns': columns,
            '--row-height': `${rowHeight}px`,
          }}
        >
          {found.slice(first, end).map((row, index) => (
            <Row key={row.platform} row={row} place={first + index + 1} of={found.length} />
          ))}
        </ul>
      </div>
      {found.length === 0 && <p class="loading">No platform matches “{filter}”</p>}
    </>
  );
}

/** Each cell says what it is to screen readers. */
function Headings() {
  const titles = ['State', 'Platform', 'Newest good point', 'Newest proven', 'Last restore', 'Next backup', 'Now'];
  return (
    <div class="platform headings" aria-hidden="true">
      {titles.map((title) => (
        <span key={title}>{title}</span>
      ))}
    </div>
  );
}

function Nothing() {
  return (
    <Notice
      tone="warn"
      message="There is no platform file, so nothing is backed up or watched"
      remedy="Run “rekindle init” beside the platform, and put the file in the folder named by REKINDLE_PLATFORMS"
    />
  );
}
