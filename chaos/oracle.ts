import type { Phase } from '../domain/runs/progress.ts';
import type { Verdict } from '../domain/checks.ts';

/** What a platform is to those who use it. */
export interface PlatformFacts {
  /** By index: how many documents and a digest of them; `closed`. Without the jobs', which live on. */
  documents: Record<string, string>;
  /** Ids of all jobs. New ones may come at any time, none may go. */
  jobs: string[];
  /** Jobs that wait and have no entry in the queue. */
  missingEntries: string[];
  /** By container: `running` or `stopped`, its restart policy, its image. */
  services: Record<string, string>;
}

export type Content = Pick<PlatformFacts, 'documents' | 'jobs'>;

/** What a run could leave behind. */
export interface Surroundings {
  containers: string[];
  networks: string[];
  volumes: string[];
  /** `<run>/<volume>` below the engine's quarantine folder. */
  quarantine: string[];
  /** Of the platform: ids of workflows that run. */
  workflows: string[];
  /** Schedule → paused or not. */
  schedules: Record<string, boolean>;
  /** Names of cluster settings but for the note that a restore leaves. */
  clusterSettings: string[];
  /** The snapshot repository's setting; absent: no such repository. */
  repositoryReadonly?: boolean;
  /** Ids of recovery points. */
  points: string[];
}

export interface Facts extends PlatformFacts, Surroundings {}

export interface Ending {
  /** `none`: no run was started. `waits`: for a decision. `runs`: neither, when its limits had passed. */
  state: 'none' | 'ended' | 'waits' | 'runs';
  phase?: Phase;
  verdict?: Verdict;
  /** The run's own words on why it failed. */
  failure?: string;
  /** Of the command line that started none. */
  exitCode?: number;
  /** The fate of a run that had waited for a decision, after a retry was requested. */
  afterDecision?: boolean;
}

export interface Judged {
  ending: Ending;
  before: Facts;
  after: Facts;
  /** What the platform equals after a pass. */
  goal: Content;
  /** Recovery points that a passed run of this operation adds. */
  newPoints: number;
  /** A passed run of this operation moves data into quarantine, or out of it. */
  quarantines: boolean;
}

/** All that the run must not have done; empty: the oracle is content. */
export function violations({ ending, before, after, goal, newPoints, quarantines }: Judged): string[] {
  const found: string[] = [];
  const expect = (holds: boolean, otherwise: string) => {
    if (!holds) found.push(otherwise);
  };
  if (ending.state === 'runs')
    return [`the run neither ended nor asked within its limits; it is ${ending.phase ?? '?'}`];
  const passed = ending.verdict === 'pass';
  // Only a server that is away excuses a run that was not started.
  if (ending.state === 'none') expect(ending.exitCode === 1, `no run was started: ${ending.failure ?? '?'}`);
  if (ending.afterDecision) expect(passed, `retried after all was repaired, it did not pass: ${ending.failure ?? '?'}`);

  const content = contentDifferences(passed ? goal : before, after);
  expect(content.length === 0, `not ${passed ? 'what a pass promises' : 'as it was before'}: ${content.join('; ')}`);
  const services = differences(before.services, after.services);
  expect(services.length === 0, `the services are not as they were before: ${services.join('; ')}`);
  expect(after.missingEntries.length === 0, `jobs without an entry in the queue: ${after.missingEntries.join(', ')}`);

  for (const kind of ['containers', 'networks', 'volumes', 'clusterSettings'] as const) {
    const left = beyond(after[kind], before[kind]);
    expect(left.length === 0, `left behind, ${kind}: ${left.join(', ')}`);
    const lost = beyond(before[kind], after[kind]);
    expect(lost.length === 0, `lost, ${kind}: ${lost.join(', ')}`);
  }
  const kept = beyond(after.quarantine, before.quarantine);
  expect(kept.length === 0 || (passed && quarantines), `left behind in quarantine: ${kept.join(', ')}`);
  const taken = beyond(before.quarantine, after.quarantine);
  expect(taken.length === 0 || (passed && quarantines), `gone from quarantine: ${taken.join(', ')}`);
  const running = beyond(after.workflows, before.workflows).filter((id) => !(passed && id.startsWith('quarantine/')));
  expect(running.length === 0, `workflows that still run: ${running.join(', ')}`);
  for (const [id, paused] of Object.entries(before.schedules))
    expect(after.schedules[id] === paused, `the schedule ${id} is ${after.schedules[id] ? 'paused' : 'not as before'}`);
  expect(after.repositoryReadonly === false, 'the snapshot repository is not there, or read-only');

  const lostPoints = beyond(before.points, after.points);
  expect(lostPoints.length === 0, `recovery points are lost: ${lostPoints.join(', ')}`);
  const gained = beyond(after.points, before.points).length;
  // A run that failed may have written its recovery point before it did: the point itself is whole, or it is not listed.
  expect(!passed || gained >= newPoints, `it passed and made ${gained} of ${newPoints} recovery points`);
  return found;
}

/** In words: how the run came out, for the suite's line. */
export function outcomeInWords({ state, phase, verdict, afterDecision }: Ending): string {
  if (state === 'none') return 'not started, as before';
  if (state === 'runs') return 'never ended';
  if (afterDecision) return verdict === 'pass' ? 'asked, retried, passed' : 'asked, retried, failed';
  if (state === 'waits') return 'asks for a decision';
  return verdict === 'pass' ? 'passed' : `${phase ?? 'failed'}, as before`;
}

const beyond = (these: string[], those: string[]): string[] => these.filter((name) => !those.includes(name));

/** What of the content is not as expected; empty: all is. */
export function contentDifferences(expected: Content, found: Content): string[] {
  const lost = beyond(expected.jobs, found.jobs);
  const jobs = lost.length > 0 ? [`${lost.length} jobs are lost: ${lost.slice(0, 5).join(', ')}`] : [];
  return [...differences(expected.documents, found.documents), ...jobs];
}

/** One line for each key that differs. */
function differences(expected: Record<string, string>, found: Record<string, string>): string[] {
  const keys = [...new Set([...Object.keys(expected), ...Object.keys(found)])].toSorted();
  return keys
    .filter((key) => expected[key] !== found[key])
    .map((key) => `${key} is ${found[key] ?? 'not there'} instead of ${expected[key] ?? 'not there'}`);
}
