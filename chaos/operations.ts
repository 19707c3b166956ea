/** The golden state that a case begins with: see prepare.ts. */
export type Golden = 'written' | 'restored';

/** Something that an operator starts, and that faults are to meet. */
export interface Operation {
  /** `written`: a recovery point, and documents written after it. `restored`: the same, after a restore to that point. */
  golden: Golden;
  /** About how long it takes without faults; a constant, so that a seed means the same moments everywhere. */
  usualSeconds: number;
  /** Steps that every such run has: moments that a fault can wait for. None: moments are seconds alone. */
  steps: readonly string[];
  /** The command line. */
  command: (names: Names) => string[];
  /** Its workflow's id; undefined: the command line prints it. */
  run?: (names: Names) => string;
  /** What the platform equals when the run passes: the recovery point, or what it was before this run or the restore. */
  goal: 'point' | 'before' | 'beforeRestore';
}

export interface Names {
  platform: string;
  point: string;
  /** The restore that made the golden state `restored`. */
  restore: string;
}

const backupSteps = [
  'prepare-documents',
  'snapshot-documents',
  'capture-deployment',
  'verify-documents',
  'publish',
] as const;

const restoreSteps = [
  'pause-schedules',
  'repeat-preflight',
  'record-deployment',
  'stop-job-distributor',
  'stop-api',
  'stop-elasticsearch',
  'stop-zookeeper',
  'last-preflight',
  'start-elasticsearch',
  'start-zookeeper',
  'await-documents',
  'repository-documents',
  'verify-snapshot-documents',
  'raise-throttles-documents',
  'restore-documents',
  'verify-documents',
  'start-api',
  'start-job-executor',
  'start-job-distributor',
  'smoke-check',
  'repository-writable-documents',
  'resume-schedules',
  'fresh-backup',
] as const;

const rollbackSteps = [
  'rollback-stop-job-distributor',
  'rollback-stop-api',
  'rollback-stop-elasticsearch',
  'rollback-stop-zookeeper',
  'rollback-start-elasticsearch',
  'rollback-start-zookeeper',
  'rollback-await-documents',
  'rollback-repository-documents',
  'rollback-start-api',
  'rollback-start-job-executor',
  'rollback-start-job-distributor',
  'rollback-smoke-check',
  'rollback-resume-schedules',
] as const;

export const operations = {
  backup: {
    golden: 'written',
    usualSeconds: 5,
    steps: backupSteps,
    command: ({ platform }) => ['backup', platform],
    goal: 'before',
  },
  restore: {
    golden: 'written',
    usualSeconds: 40,
    steps: restoreSteps,
    command: ({ platform, point }) => ['restore', platform, '--point', point, '--yes'],
    goal: 'point',
  },
  rollback: {
    golden: 'restored',
    usualSeconds: 30,
    steps: rollbackSteps,
    command: ({ restore }) => ['rollback', restore],
    run: ({ restore }) => `quarantine/${restore}`,
    goal: 'beforeRestore',
  },
} as const satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;

export const operationNames = Object.keys(operations) as OperationName[];

/** Without `--operations`. */
export const usualOperations: OperationName[] = ['backup', 'restore', 'rollback'];
