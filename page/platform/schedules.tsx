import type { PlatformDetails } from '../../api/types.ts';
import { Notice } from '../parts/notice.tsx';
import { Section } from '../parts/section.tsx';
import { Table } from '../parts/table.tsx';
import { Away, Time } from '../parts/time.tsx';

export function Schedules({ details: { platform, schedules } }: { details: PlatformDetails }) {
  return (
    <Section title="Schedules">
      {'trouble' in schedules ? (
        <Notice tone="warn" message={schedules.trouble.message} remedy={schedules.trouble.remedy} />
      ) : schedules.value.length === 0 ? (
        <p class="dim">
          None. <code>rekindle schedule {platform} apply</code> makes those of the platform file.
        </p>
      ) : (
        <Table
          caption={`Schedules of ${platform}`}
          rows={schedules.value}
          keyOf={({ name }) => name}
          columns={[
            { title: 'Schedule', cell: ({ name }) => name },
            {
              title: 'Next',
              cell: ({ paused, nextAt, note }) =>
                paused ? (
                  <span class="warn">paused{note !== undefined && `: ${note}`}</span>
                ) : nextAt === undefined ? (
                  'never'
                ) : (
                  <>
                    <Away at={nextAt} />{' '}
                    <small class="dim">
                      <Time at={nextAt} />
                    </small>
                  </>
                ),
            },
          ]}
        />
      )}
    </Section>
  );
}
