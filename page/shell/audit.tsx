import type { AuditEntry } from '../../api/types.ts';
import { useAsked } from '../api/hooks.ts';
import { Loaded } from '../parts/loading.tsx';
import { Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';

export function Audit() {
  const entries = useAsked<AuditEntry[]>('audit', { limit: '200' });
  return (
    <main id="main" tabIndex={-1}>
      <h1>Who did what</h1>
      <Loaded of={entries} what="the audit log">
        {(rows) =>
          rows.length === 0 ? (
            <p class="dim">Nothing yet</p>
          ) : (
            <div class="panel">
              <Table
                caption="Audit log, newest first"
                rows={rows}
                keyOf={({ number }) => String(number)}
                columns={[
                  { title: 'No.', figure: true, cell: ({ number }) => number },
                  { title: 'When', cell: ({ at }) => <Time at={at} /> },
                  { title: 'Who', cell: ({ caller }) => caller.name || <span class="dim">nobody</span> },
                  { title: 'What', cell: ({ action }) => action },
                  { title: 'On', cell: ({ subject }) => subject },
                  {
                    title: 'Outcome',
                    cell: ({ outcome, text }) => (
                      <>
                        <span class={outcome === 'done' ? undefined : 'bad'}>{outcome}</span>
                        {text !== undefined && <small class="dim">: {text}</small>}
                      </>
                    ),
                  },
                ]}
              />
            </div>
          )
        }
      </Loaded>
    </main>
  );
}
