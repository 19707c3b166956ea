import type { Assessment } from '../../../api/types.ts';
import { overallVerdict } from '../../../domain/checks.ts';
import { fleetDetails } from './fleets.ts';
import {
  at,
  checks,
  history,
  hour,
  incident,
  plan,
  platformDetails,
  platformRows,
  pointsPage,
  waitingRun,
} from './documents.ts';
import type { StubGateway } from './stub-gateway.ts';

/** A gateway that knows something for every page. */
export function allAnswers(now: number): StubGateway['answers'] {
  const assessment: Assessment = {
    at: at(now, 0),
    verdict: overallVerdict(checks()),
    checks: checks(),
    plan: plan(),
    forecast: { downtimeSeconds: 760, basis: 'from 3 earlier restores', lost: [] },
  };
  return {
    platforms: platformRows(now),
    platform: platformDetails(now),
    history: history(now),
    points: ({ query }) => (query['before'] === undefined ? pointsPage(now) : pointsPage(now, 20, 40)),
    fleets: [],
    fleet: fleetDetails(now),
    incidents: [incident(now)],
    incident: incident(now),
    run: waitingRun(now),
    check: assessment,
    audit: [
      {
        number: 1,
        at: at(now, hour),
        caller: { name: 'ann', role: 'approver', method: 'token' },
        action: 'approve',
        subject: 'restore/demo/2026-11-27t0200z',
        outcome: 'done',
        hash: '0'.repeat(64),
      },
    ],
  };
}
