import type { ComponentChildren } from 'preact';
import type { Followed } from '../api/follow.ts';
import { Notice } from './notice.tsx';

/** What is known is shown, however old; why nothing is known is said. */
export function Loaded<T>({
  of: { data, refused },
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
        <Notice message={refused.message} remedy={refused.remedy} />
      )}
      {data !== undefined && children(data)}
      {data === undefined && !refused && <p class="loading">Reading {what}…</p>}
    </>
  );
}
