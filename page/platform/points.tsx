import { useEffect, useState } from 'preact/hooks';
import type { PlatformDetails, PointsPage } from '../../api/types.ts';
import type { RecoveryPointSummary } from '../../domain/recovery-points/recovery-point.ts';
import { bytes } from '../../domain/units.ts';
import { Restore } from '../actions/platform-actions.tsx';
import { Accept, Pin } from '../actions/point-actions.tsx';
import { ask, type Refused } from '../api/client.ts';
import { gatewayTime } from '../api/connection.ts';
import { useAsked } from '../api/hooks.ts';
import { Loaded } from '../parts/loading.tsx';
import { Notice } from '../parts/notice.tsx';
import { Section } from '../parts/section.tsx';
import { Table } from '../parts/table.tsx';
import { Away, Time } from '../parts/time.tsx';
import { lasting } from '../parts/times.ts';
import { badgesOf, maybeRestored } from './badges.ts';

interface Options {
  details: PlatformDetails;
  version: number;
  changed: () => void;
}

const pageLength = '20';
/** Those of the last days are shown while the list of all is read: of ten thousand, that takes seconds. */
const recentDays = 3;

/** The first page is read anew whenever the newest point is another one, or one was changed here. */
export function Points({ details, version, changed }: Options) {
  const { platform, newestGood, suspectPoints, newestProven } = details;
  const state = JSON.stringify([version, newestGood?.id, newestProven?.id, suspectPoints]);
  const [since] = useState(() => new Date(gatewayTime() - recentDays * 86_400_000).toISOString());
  const recent = useAsked<PointsPage>('points', { platform, limit: pageLength, since });
  const first = useAsked<PointsPage>('points', { platform, limit: pageLength }, state);
  const early = (first.data ?? first.refused) ? undefined : recent.data?.points;
  return (
    <Section title="Recovery points" wide>
      {early && early.length > 0 && <PointTable points={early} details={details} changed={changed} />}
      <Loaded of={first} what={early ? 'older points' : 'the catalogue'}>
        {(page) => <Pages key={JSON.stringify(page)} first={page} details={details} changed={changed} />}
      </Loaded>
    </Section>
  );
}

function Pages({ first, details, changed }: { first: PointsPage; details: PlatformDetails; changed: () => void }) {
  const { platform } = details;
  const [pages, setPages] = useState([first]);
  const [refused, setRefused] = useState<Refused>();
  useEffect(() => setPages([first]), [first]);
  const { next } = pages.at(-1) ?? first;
  const older = async (before: string) => {
    try {
      const page = await ask<PointsPage>('points', { platform, limit: pageLength, before });
      setPages((all) => [...all, page]);
      setRefused(undefined);
    } catch (error) {
      setRefused(error as Refused);
    }
  };
  const points = pages.flatMap((page) => page.points);
  if (points.length === 0) return <p class="dim">None yet</p>;
  return (
    <>
      {first.warnings?.map((warning) => (
        <Notice key={warning} tone="warn" message={warning} />
      ))}
      <PointTable points={points} details={details} changed={changed} />
      {refused && <Notice message={refused.message} remedy={refused.remedy} />}
      {next !== undefined && (
        <button type="button" class="more" onClick={() => void older(next)}>
          Older points
        </button>
      )}
    </>
  );
}

function PointTable({
  points,
  details,
  changed,
}: {
  points: RecoveryPointSummary[];
  details: PlatformDetails;
  changed: () => void;
}) {
  const { platform } = details;
  return (
    <Table
      caption={`Recovery points of ${platform}, newest first`}
      rows={points}
      keyOf={({ id }) => id}
      columns={[
        { title: 'Taken', cell: ({ startedAt }) => <Time at={startedAt} /> },
        { title: 'Age', cell: ({ startedAt }) => <Away at={startedAt} every={60_000} /> },
        { title: 'State', cell: (point) => <Badges point={point} /> },
        { title: 'Size', figure: true, cell: ({ totalBytes }) => bytes(totalBytes) },
        { title: 'Added', figure: true, cell: ({ incrementalBytes }) => bytes(incrementalBytes) },
        { title: 'Indices', figure: true, cell: ({ indices }) => indices.toLocaleString('en') },
        {
          title: 'Documents',
          figure: true,
          cell: ({ documents }) => documents?.toLocaleString('en') ?? <span class="dim">not known</span>,
        },
        { title: 'Took', figure: true, cell: ({ durationSeconds }) => lasting(durationSeconds) },
        {
          title: 'Actions',
          untitled: true,
          cell: (point) => (
            <div class="buttons">
              {point.suspect && <Accept platform={platform} point={point} changed={changed} />}
              {!point.deleting && <Pin platform={platform} point={point} changed={changed} />}
              {maybeRestored(point) && <Restore details={details} point={point} />}
            </div>
          ),
        },
      ]}
    />
  );
}

function Badges({ point }: { point: RecoveryPointSummary }) {
  return (
    <span class="badges">
      {badgesOf(point).map(({ tone, word, why }) => (
        <span key={word} class={`badge ${tone}`} title={why}>
          {word}
        </span>
      ))}
    </span>
  );
}
