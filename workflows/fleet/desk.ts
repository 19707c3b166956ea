import { condition, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';
import type { FleetInput, FleetPhase, FleetProgress, FleetWord, Member } from '../../domain/fleet/fleet.ts';
import { countWords, fleetLine } from '../../domain/fleet/summary.ts';
import { failures, whyCanariesHold, whyHeld } from '../../domain/fleet/threshold.ts';
import { ofWave } from '../../domain/fleet/waves.ts';
import { approve, fleet as fleetQuery, pause, resume, stop } from '../messages.ts';
import { assertNamed } from '../run/authenticated.ts';
import { refuse } from '../run/failure-record.ts';
import { showAttributes } from '../run/search-attributes.ts';

/** What goes on in the next execution. */
export interface Carried {
  progress: FleetProgress;
  /** The wave that was approved last, and by whom. */
  approved?: { wave: number; by: string };
  /** Failures that were known when a person had the fleet go on. */
  accepted: number;
  canariesAccepted?: true;
  paused?: true;
  /** Why nothing more is started, ever. */
  stopped?: string;
}

/** What the fleet is at when nothing keeps it from going on. */
type Work = 'surveying' | 'planning' | 'waiting for approval' | 'running';

/** A fleet's state, and who may change it. Create it first thing: handlers must be there at once. */
export interface Desk {
  readonly state: Carried;
  readonly progress: FleetProgress;
  now(): string;
  enter(work: Work): void;
  /** Call after each change: shows it, and wakes whoever waits. */
  changed(): void;
  /** Until something changes. */
  awake(): Promise<void>;
  mayStart(): boolean;
  stop(reason: string): void;
  /** Notes what a person said, in words for that person. */
  say(word: FleetWord['word'], said: { by: string; reason?: string }): string;
  finish(phase: FleetPhase): void;
}

const mostWords = 100;

export function openDesk(input: FleetInput, carried: Carried | undefined): Desk {
  const now = () => new Date().toISOString();
  const state = carried ?? { progress: begin(input, now()), accepted: 0 };
  const { progress } = state;
  let work: Work = 'surveying';
  let awake = false;
  let shown: FleetPhase | undefined = carried?.progress.phase;

  const canaries = () => (input.canaries.length > 0 ? ofWave(progress.members, 1).filter(isOver) : []);
  const held = () =>
    (state.canariesAccepted ? undefined : whyCanariesHold(canaries())) ??
    whyHeld(progress.members, progress.stopWhenFailed, { accepted: state.accepted });
  const isOpen = () => progress.finishedAt === undefined;

  /** What keeps it comes before what it is at. */
  function standing(): [FleetPhase, string | undefined] {
    if (state.stopped !== undefined) return ['stopping', state.stopped];
    const why = held();
    if (why !== undefined) return ['held', `${why}; it goes on when a person resumes it, or ends when one stops it`];
    if (state.paused) return ['paused', progress.words.findLast(({ word }) => word === 'paused')?.reason];
    const wave = progress.waveHash === undefined ? '' : `the plans have the hash ${progress.waveHash}`;
    return [work, work === 'waiting for approval' ? wave : undefined];
  }

  function changed(): void {
    awake = true;
    if (!isOpen()) return;
    const [phase, note] = standing();
    progress.phase = phase;
    if (note === undefined) delete progress.note;
    else progress.note = note;
    show();
  }

  function show(): void {
    if (shown !== progress.phase) showAttributes({ kind: 'fleet', phase: progress.phase });
    shown = progress.phase;
    setCurrentDetails(
      `## Fleet ${fleetLine(progress)}\n\n"rekindle fleet status ${progress.fleet}" shows every platform.`,
    );
  }

  function say(word: FleetWord['word'], { by, reason }: { by: string; reason?: string }): string {
    progress.words = [...progress.words, { word, by, at: now(), ...(reason && { reason }) }].slice(-mostWords);
    changed();
    return `${word} by ${by}; ${fleetLine(progress)}`;
  }

  const mayPause = ({ by }: { by?: string }) => {
    assertNamed(by, 'who says it?');
    if (!isOpen() || state.stopped !== undefined) refuse(`The fleet is ${progress.phase}: nothing more will start`);
  };
  const mayApprove = ({ planHash, by }: { planHash: string; by?: string }) => {
    assertNamed(by, 'who approves?');
    if (work !== 'waiting for approval') refuse(`The fleet is ${progress.phase}: nothing waits for approval`);
    if (planHash !== progress.waveHash)
      refuse(`The hash of the wave is ${progress.waveHash ?? ''}, not ${planHash}: read the plans again, then approve`);
  };

  setHandler(fleetQuery, () => progress, { description: 'Where the fleet stands: phase, wave, every platform' });
  setHandler(
    approve,
    (word) => {
      state.approved = { wave: progress.wave?.number ?? 0, by: word.by };
      return say('approved', word);
    },
    { description: 'Approves the plans of the wave: {"planHash": "…", "by": "…"}', validator: mayApprove },
  );
  setHandler(
    pause,
    (word) => {
      state.paused = true;
      return say('paused', word);
    },
    { description: 'Starts nothing more until it is resumed: {"by": "…"}', validator: mayPause },
  );
  setHandler(
    resume,
    (word) => {
      delete state.paused;
      if (whyCanariesHold(canaries()) !== undefined) state.canariesAccepted = true;
      state.accepted = failures(progress.members);
      return say('resumed', word);
    },
    {
      description: 'Goes on after a pause, or although platforms have failed: {"by": "…"}',
      validator: (word: { by?: string }) => {
        mayPause(word);
        if (!state.paused && held() === undefined) refuse(`The fleet is ${progress.phase}: it is not paused`);
      },
    },
  );
  setHandler(
    stop,
    (word) => {
      state.stopped = `stopped by ${word.by}${word.reason ? `: ${word.reason}` : ''}`;
      return say('stopped', word);
    },
    { description: 'Starts nothing more; what runs goes on to its end: {"by": "…"}', validator: mayPause },
  );

  showAttributes({ kind: 'fleet' });
  return {
    state,
    progress,
    now,
    enter(next) {
      work = next;
      changed();
    },
    changed,
    async awake() {
      await condition(() => awake);
      awake = false;
    },
    mayStart: () => state.stopped === undefined && !state.paused && held() === undefined,
    stop(reason) {
      state.stopped ??= reason;
      changed();
    },
    say,
    finish(phase) {
      progress.phase = phase;
      progress.note = countWords(progress.members);
      progress.finishedAt = now();
      show();
    },
  };
}

export const isOver = ({ state }: Member): boolean => state !== 'waiting' && state !== 'running';

function begin(input: FleetInput, startedAt: string): FleetProgress {
  const { fleet, approval, limits, stopWhenFailed, startedBy = { how: 'temporal ui' } } = input;
  const members: Member[] = [];
  return { fleet, phase: 'surveying', startedAt, startedBy, approval, limits, stopWhenFailed, words: [], members };
}

/** A thousand platforms are too many for one history; what runs is followed from the next one. */
export function isLong({ mostEvents = 1500 }: Pick<FleetInput, 'mostEvents'>): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || historyLength > mostEvents;
}
