import type { MountFate } from '../../domain/plans/mount-fates.ts';
import type { Plan } from '../../domain/plans/plan.ts';
import { Section } from '../parts/section.tsx';
import { Table } from '../parts/table.tsx';
import { harmOf, isHarmless } from './harm.ts';

/** By exact names: what the plan stops, sets aside and removes, and what it leaves alone. */
export function WhatHappens({ plan }: { plan: Plan }) {
  const harm = harmOf(plan);
  const { mounts = [] } = plan;
  if (isHarmless(harm) && mounts.length === 0) return null;
  return (
    <Section title="Exactly what is stopped, set aside and removed">
      <dl class="harm">
        {harm.stopped.length > 0 && (
          <div>
            <dt>Stopped</dt>
            {harm.stopped.map(({ service, containers }) => (
              <dd key={service}>
                {service} {containers.length > 0 && <small class="dim">{containers.join(', ')}</small>}
              </dd>
            ))}
          </div>
        )}
        <Names title="Set aside" names={harm.setAside} />
        <Names title="Brought back" names={harm.returned} />
        <Names title="Removed for good" names={harm.deleted} bad />
        <Names title="Containers removed" names={harm.removedContainers} />
      </dl>
      {mounts.length > 0 && (
        <details open={mounts.length <= 8}>
          <summary>
            {mounts.length} {mounts.length === 1 ? 'mount' : 'mounts'}: what goes, what stays and why
          </summary>
          <Table
            caption="Mounts: what goes, what stays and why"
            rows={mounts}
            keyOf={({ service, source, destination }) => JSON.stringify([service, source, destination])}
            columns={[
              { title: 'Service', cell: ({ service }) => service },
              { title: 'Mount', cell: mountWords },
              { title: 'Fate', cell: ({ goes }) => (goes ? <strong class="asks">goes</strong> : 'stays') },
              { title: 'Why', cell: ({ why }) => why },
            ]}
          />
        </details>
      )}
    </Section>
  );
}

function Names({ title, names, bad = false }: { title: string; names: readonly string[]; bad?: boolean }) {
  if (names.length === 0) return null;
  return (
    <div>
      <dt class={bad ? 'bad' : undefined}>{title}</dt>
      {names.map((name) => (
        <dd key={name}>{name}</dd>
      ))}
    </div>
  );
}

function mountWords({ source, destination }: MountFate) {
  return (
    <>
      <code>{source}</code> <small class="dim">at {destination}</small>
    </>
  );
}
