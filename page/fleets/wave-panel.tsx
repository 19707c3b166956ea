import { useState } from 'preact/hooks';
import type { FleetDetails } from '../../api/types.ts';
import type { Member } from '../../domain/fleet/fleet.ts';
import { countWords, reasonOf } from '../../domain/fleet/summary.ts';
import { bytes } from '../../domain/units.ts';
import { StateMark } from '../parts/state-mark.tsx';
import { Table } from '../parts/table.tsx';
import { lasting } from '../parts/times.ts';
import { hrefOf } from '../route.ts';
import type { Wave } from './waves.ts';
import { memberWord } from './words.ts';

/** Its platforms are drawn only while they are seen: a fleet may have a thousand. */
export function WavePanel({ wave, details }: { wave: Wave; details: FleetDetails }) {
  const { title, members, matters } = wave;
  const [open, setOpen] = useState(matters);
  return (
    <details class="panel wide" open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <h2>{title}</h2> <small class="dim">{countWords(members)}</small>
      </summary>
      {open && <Members wave={wave} details={details} />}
    </details>
  );
}

function Members({ wave: { title, members }, details: { progress, phases } }: { wave: Wave; details: FleetDetails }) {
  return (
    <Table
      caption={`Platforms of ${title.toLowerCase()}`}
      rows={members}
      keyOf={({ platform }) => platform}
      columns={[
        { title: 'Platform', short: true, cell: ({ platform }) => <a href={hrefOf.platform(platform)}>{platform}</a> },
        { title: 'State', cell: (member) => <State member={member} phases={phases} /> },
        { title: 'Size', figure: true, cell: (member) => (member.bytes === undefined ? '?' : bytes(member.bytes)) },
        { title: 'Recovery point', short: true, cell: ({ plan }) => plan?.point ?? <span class="dim">–</span> },
        { title: 'Plan', short: true, cell: ({ plan }) => <Plan plan={plan} /> },
        { title: 'Down for', figure: true, short: true, cell: ({ plan }) => <Downtime plan={plan} /> },
        { title: 'Host', short: true, cell: ({ host }) => host },
        { title: 'Why', prose: true, cell: (member) => reasonOf(member, progress) },
      ]}
    />
  );
}

/** Leads to its restore, once that has begun. */
function State({ member, phases }: { member: Member; phases: FleetDetails['phases'] }) {
  const mark = <StateMark {...memberWord(member, phases)} />;
  if (member.run === undefined) return mark;
  return (
    <a href={hrefOf.run(member.run)}>
      {mark}
      <span class="unseen"> restore of {member.platform}</span>
    </a>
  );
}

function Plan({ plan }: Pick<Member, 'plan'>) {
  if (plan === undefined) return <span class="dim">–</span>;
  return <code title={plan.hash}>{plan.hash.slice(0, 12)}</code>;
}

function Downtime({ plan }: Pick<Member, 'plan'>) {
  if (plan?.downtimeSeconds === undefined) return <span class="dim">–</span>;
  return <>{lasting(plan.downtimeSeconds)}</>;
}
