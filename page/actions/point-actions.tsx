import { useState } from 'preact/hooks';
import type { PointAnswer } from '../../api/types.ts';
import type { RecoveryPointSummary } from '../../domain/recovery-points/recovery-point.ts';
import { ask } from '../api/client.ts';
import { Action } from './action.tsx';
import { Dialog } from './dialog.tsx';

interface Options {
  platform: string;
  point: RecoveryPointSummary;
  changed: () => void;
}

export function Pin({ platform, point, changed }: Options) {
  const pinned = point.pinnedBy?.some((who) => who.startsWith('person/')) ?? false;
  const route = pinned ? 'unpin' : 'pin';
  return (
    <Action
      route={route}
      look="small"
      label={pinned ? 'Unpin' : 'Pin'}
      object={point.id}
      dialog={(close) => (
        <Dialog
          title={`${pinned ? 'Unpin' : 'Pin'} ${point.id}`}
          does={pinned ? 'Unpin' : 'Pin'}
          close={close}
          act={async (by) => {
            const { answer } = await ask<PointAnswer>(route, { platform, point: point.id }, by);
            changed();
            return answer;
          }}
        >
          <p>
            {pinned
              ? 'Retention may remove it again when its time has come.'
              : 'Retention keeps it until it is unpinned.'}
          </p>
        </Dialog>
      )}
    />
  );
}

/** A suspect point counts for nothing before a person says why it is right that it holds less. */
export function Accept({ platform, point, changed }: Options) {
  return (
    <Action
      route="acceptPoint"
      look="small"
      label="Accept…"
      object={point.id}
      dialog={(close) => <AcceptDialog platform={platform} point={point} changed={changed} close={close} />}
    />
  );
}

function AcceptDialog({ platform, point, changed, close }: Options & { close: () => void }) {
  const [reason, setReason] = useState('');
  return (
    <Dialog
      title={`Accept ${point.id} for good`}
      does="Accept"
      ready={reason.trim() !== ''}
      close={close}
      act={async (by) => {
        const body = { ...by, reason: reason.trim() };
        const { answer } = await ask<PointAnswer>('acceptPoint', { platform, point: point.id }, body);
        changed();
        return answer;
      }}
    >
      <p>
        It holds much less than the newest good one, or a foreign cluster took it. Once accepted, it counts as the
        newest good point, and later backups are measured against it.
      </p>
      <label>
        Why is it right?
        <input value={reason} onInput={({ currentTarget }) => setReason(currentTarget.value)} />
      </label>
    </Dialog>
  );
}
