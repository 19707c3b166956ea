import { useConnection, useNow } from '../api/hooks.ts';
import { Notice } from '../parts/notice.tsx';
import { localTime } from '../parts/times.ts';
import type { FailureText } from '../../domain/failures.ts';
import { age } from '../../domain/units.ts';

/** What is wrong with the gateway itself: the platforms may be well, and nobody would hear of the next incident. */
export function Warnings({ of: warnings = [] }: { of: FailureText[] | undefined }) {
  if (warnings.length === 0) return null;
  return (
    <div class="warnings">
      {warnings.map(({ message, remedy }) => (
        <Notice key={message} tone="warn" message={message} remedy={remedy} />
      ))}
    </div>
  );
}

/** What is below it is old, and says so. */
export function Banner() {
  const { downSince } = useConnection();
  const now = useNow();
  if (downSince === undefined) return null;
  const since = new Date(downSince).toISOString();
  return (
    <div class="banner">
      <Notice
        message={
          <>
            The gateway does not answer since {localTime(since)}.{' '}
            <span aria-live="off">What you see is {age(since, now)} old.</span>
          </>
        }
        remedy="Check that “rekindle gateway” runs and that this device reaches it; this page tries again by itself"
      />
    </div>
  );
}
