// The names exported here are the workflow types that users, schedules and incident tools start: add, never rename.
export { askHost } from './ask-host.ts';
export { backup } from './backup.ts';
export { copy } from './copy.ts';
export { check } from './check.ts';
export { drill } from './drill.ts';
export { exclusive } from './exclusive.ts';
export { fleet } from './fleet.ts';
export { incident } from './incident.ts';
export { prune } from './prune.ts';
export { freshness } from './freshness.ts';
export { quarantine } from './quarantine.ts';
export { readiness } from './readiness.ts';
export { rebuild } from './rebuild.ts';
export { restore } from './restore.ts';
export { scrub } from './scrub.ts';
