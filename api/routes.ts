import type { Role } from '../domain/access.ts';

/** One route of the API: this table is what the OpenAPI document, the gateway and its clients share. */
export interface RouteRow {
  method: 'GET' | 'POST' | 'DELETE';
  /**
   * With `{name}` for parameters. A run's id is percent-encoded, as its slashes are part of it; in its place, a
   * platform's name means the run that the command line would mean.
   */
  path: string;
  role: Role | 'anyone';
  summary: string;
}

export const routes = {
  session: { method: 'GET', path: '/api/v1/session', role: 'anyone', summary: 'Who asks, and how people log in' },
  logIn: { method: 'POST', path: '/api/v1/session', role: 'anyone', summary: 'Log in with a token: a session cookie' },
  logOut: { method: 'DELETE', path: '/api/v1/session', role: 'anyone', summary: 'End the session' },
  platforms: { method: 'GET', path: '/api/v1/platforms', role: 'viewer', summary: 'All platforms' },
  platform: { method: 'GET', path: '/api/v1/platforms/{platform}', role: 'viewer', summary: 'One platform' },
  history: {
    method: 'GET',
    path: '/api/v1/platforms/{platform}/history',
    role: 'viewer',
    summary: 'How its runs ended, newest first',
  },
  points: {
    method: 'GET',
    path: '/api/v1/platforms/{platform}/points',
    role: 'viewer',
    summary: 'Its recovery points, newest first',
  },
  point: {
    method: 'GET',
    path: '/api/v1/platforms/{platform}/points/{point}',
    role: 'viewer',
    summary: 'One recovery point in full; its id, `latest` or `proven`',
  },
  check: {
    method: 'POST',
    path: '/api/v1/platforms/{platform}/check',
    role: 'operator',
    summary: 'Preflight now, and the plan that a restore would have',
  },
  startBackup: { method: 'POST', path: '/api/v1/platforms/{platform}/backups', role: 'operator', summary: 'Back up' },
  startRestore: {
    method: 'POST',
    path: '/api/v1/platforms/{platform}/restores',
    role: 'operator',
    summary: 'Plan a restore, which waits for approval',
  },
  startRebuild: {
    method: 'POST',
    path: '/api/v1/platforms/{platform}/rebuilds',
    role: 'operator',
    summary: 'Rebuild the queue from the database',
  },
  startPrune: { method: 'POST', path: '/api/v1/platforms/{platform}/prunes', role: 'approver', summary: 'Prune' },
  startScrub: {
    method: 'POST',
    path: '/api/v1/platforms/{platform}/scrubs',
    role: 'operator',
    summary: 'Read what recovery points refer to from the bucket, and compare it with its checksums',
  },
  startDrill: {
    method: 'POST',
    path: '/api/v1/platforms/{platform}/drills',
    role: 'operator',
    summary: 'Rehearse a restore next to the platform',
  },
  pin: {
    method: 'POST',
    path: '/api/v1/platforms/{platform}/points/{point}/pin',
    role: 'operator',
    summary: 'Keep a recovery point, whatever retention says',
  },
  unpin: {
    method: 'POST',
    path: '/api/v1/platforms/{platform}/points/{point}/unpin',
    role: 'operator',
    summary: 'Leave a recovery point to retention again',
  },
  acceptPoint: {
    method: 'POST',
    path: '/api/v1/platforms/{platform}/points/{point}/accept',
    role: 'approver',
    summary: 'Accept a suspect recovery point, with a reason',
  },
  runs: { method: 'GET', path: '/api/v1/runs', role: 'viewer', summary: 'Runs, newest first' },
  run: { method: 'GET', path: '/api/v1/runs/{run}', role: 'viewer', summary: 'One run: plan, progress, decisions' },
  report: {
    method: 'GET',
    path: '/api/v1/runs/{run}/report',
    role: 'viewer',
    summary: 'The report of a run that has ended, from the catalogue',
  },
  reportPage: {
    method: 'GET',
    path: '/api/v1/runs/{run}/report.html',
    role: 'viewer',
    summary: 'The same as a page that stands alone, to read, print and keep',
  },
  approve: { method: 'POST', path: '/api/v1/runs/{run}/approve', role: 'approver', summary: 'Approve its plan' },
  reject: { method: 'POST', path: '/api/v1/runs/{run}/reject', role: 'approver', summary: 'Reject its plan' },
  decide: { method: 'POST', path: '/api/v1/runs/{run}/decide', role: 'operator', summary: 'Answer a failed step' },
  cancel: { method: 'POST', path: '/api/v1/runs/{run}/cancel', role: 'operator', summary: 'Cancel it' },
  quarantines: { method: 'GET', path: '/api/v1/quarantines', role: 'viewer', summary: 'What restores set aside' },
  rollback: {
    method: 'POST',
    path: '/api/v1/quarantines/{run}/rollback',
    role: 'approver',
    summary: 'Bring the old data back',
  },
  release: {
    method: 'POST',
    path: '/api/v1/quarantines/{run}/release',
    role: 'approver',
    summary: 'Delete the old data',
  },
  fleets: {
    method: 'GET',
    path: '/api/v1/fleets',
    role: 'viewer',
    summary: 'Restores of many platforms that are under way',
  },
  fleet: {
    method: 'GET',
    path: '/api/v1/fleets/{fleet}',
    role: 'viewer',
    summary: 'One fleet: its waves, every platform and what became of it',
  },
  approveWave: {
    method: 'POST',
    path: '/api/v1/fleets/{fleet}/approve',
    role: 'approver',
    summary: 'Approve the plans of its wave',
  },
  pauseFleet: {
    method: 'POST',
    path: '/api/v1/fleets/{fleet}/pause',
    role: 'operator',
    summary: 'Begin nothing more until it is resumed; what runs goes on',
  },
  resumeFleet: {
    method: 'POST',
    path: '/api/v1/fleets/{fleet}/resume',
    role: 'operator',
    summary: 'Go on after a pause, or although platforms failed',
  },
  stopFleet: {
    method: 'POST',
    path: '/api/v1/fleets/{fleet}/stop',
    role: 'operator',
    summary: 'Begin nothing more, ever; what runs goes on to its end',
  },
  incidents: { method: 'GET', path: '/api/v1/incidents', role: 'viewer', summary: 'Incidents, open ones first' },
  incident: { method: 'GET', path: '/api/v1/incidents/{incident}', role: 'viewer', summary: 'One incident' },
  audit: { method: 'GET', path: '/api/v1/audit', role: 'viewer', summary: 'Who did what, newest first' },
  events: { method: 'GET', path: '/api/v1/events', role: 'viewer', summary: 'Server-sent events' },
  openApi: { method: 'GET', path: '/api/v1/openapi.json', role: 'anyone', summary: 'This API as OpenAPI 3.1' },
} as const satisfies Record<string, RouteRow>;

export type RouteName = keyof typeof routes;
