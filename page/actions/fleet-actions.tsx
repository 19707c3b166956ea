import { useState } from 'preact/hooks';
import type { RouteName } from '../../api/routes.ts';
import type { Answer } from '../../api/types.ts';
import type { FleetProgress } from '../../domain/fleet/fleet.ts';
import { ask } from '../api/client.ts';
import { Action } from './action.tsx';
import { Dialog } from './dialog.tsx';

export function ApproveWave({ progress: { fleet, wave, waveHash = '' } }: { progress: FleetProgress }) {
  return (
    <Action
      route="approveWave"
      look="danger"
      label="Approve…"
      dialog={(close) => (
        <Dialog
          title={`Approve wave ${wave?.number ?? ''} of ${fleet}`}
          does="Approve these plans"
          danger
          typed={fleet}
          close={close}
          act={async (by) => (await ask<Answer>('approveWave', { fleet }, { ...by, planHash: waveHash, fleet })).answer}
        >
          <p>
            You approve the plans of the wave <code>{waveHash.slice(0, 12)}</code>, as they are shown on the page, and
            no others.
          </p>
        </Dialog>
      )}
    />
  );
}

export function PauseFleet({ fleet }: { fleet: string }) {
  return (
    <Action
      route="pauseFleet"
      label="Pause…"
      dialog={(close) => (
        <WordDialog route="pauseFleet" fleet={fleet} does="Pause" close={close}>
          Nothing more begins until somebody resumes it. Restores that run go on.
        </WordDialog>
      )}
    />
  );
}

export function ResumeFleet({ fleet, held }: { fleet: string; held: boolean }) {
  return (
    <Action
      route="resumeFleet"
      look="primary"
      label="Resume…"
      dialog={(close) => (
        <WordDialog route="resumeFleet" fleet={fleet} does="Resume" danger={held} close={close}>
          {held
            ? 'The failures so far are accepted and count no more: the next platforms are restored.'
            : 'The next platforms are restored.'}
        </WordDialog>
      )}
    />
  );
}

export function StopFleet({ fleet }: { fleet: string }) {
  return (
    <Action
      route="stopFleet"
      label="Stop…"
      dialog={(close) => (
        <WordDialog route="stopFleet" fleet={fleet} does="Stop" danger close={close}>
          Nothing more begins, ever: platforms that have not begun are skipped. Restores that run go on to their end;
          cancel one on its own page.
        </WordDialog>
      )}
    />
  );
}

function WordDialog({
  route,
  fleet,
  does,
  danger = false,
  children,
  close,
}: {
  route: RouteName;
  fleet: string;
  does: string;
  danger?: boolean;
  children: string;
  close: () => void;
}) {
  const [reason, setReason] = useState('');
  const act = async (by: object) => {
    const body = { ...by, ...(reason.trim() !== '' && { reason: reason.trim() }) };
    return (await ask<Answer>(route, { fleet }, body)).answer;
  };
  return (
    <Dialog title={`${does} the fleet ${fleet}`} does={does} danger={danger} close={close} act={act}>
      <p>{children}</p>
      <label>
        Reason, for the record
        <input value={reason} onInput={({ currentTarget }) => setReason(currentTarget.value)} />
      </label>
    </Dialog>
  );
}
