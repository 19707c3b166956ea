import type { ComponentChildren } from 'preact';
import type { Followed } from '../api/follow.ts';
import { Notice } from './notice.tsx';
import { Time } from './time.tsx';

/** What is known is shown, however old; why nothing is known is said. */
export function Loaded<T>({
  of: { data, at, refused },
  what,
  children,
}: {
  of: Followed<T>;
  what: string;
  children: (data: T) => ComponentChildren;
}) {
  return (
    <>
      {/* That nobody answers is in the banner above. */}
      {refused && (refused.status !== 0 || data === undefined) && (
        <Notice message={refused.message} remedy={refused.remedy}>
          {data !== undefined && at !== undefined && (
            <p>
              What stands below is from <Time at={new Date(at).toISOString()} />
            </p>
          )}
        </Notice>
      )}
      {data !== undefined && <div class={refused ? 'old' : undefined}>{children(data)}</div>}
      {data === undefined && !refused && <p class="loading">Reading {what}…</p>}
    </>
  );
}
