import { elasticsearchServices, shapes, type Shape } from '../stack/shapes.ts';
import { type Operation, operations, type OperationName } from './operations.ts';
import { seeded, type Random } from './random.ts';

/** What the suite puts back between two cases, and compares, are documents and queue: platforms with more stores are no cases. */
export const dealtShapes: readonly Shape[] = shapes.filter((shape) => shape !== 'stores');

export const faultNames = [
  'worker',
  'temporal',
  'engine',
  'elasticsearch',
  'zookeeper',
  's3',
  'core service',
  'disk full',
  'network cut',
] as const;
export type FaultName = (typeof faultNames)[number];

export interface PlannedFault {
  fault: FaultName;
  /** Which one, where there are several. */
  service?: string;
  /** Seconds after the case's moment. */
  afterSeconds: number;
  /** Seconds from the strike to its repair. */
  repairedAfterSeconds: number;
}

/** When the first fault strikes: so long after the operation's start, or after one of its steps began. */
export type Moment = { seconds: number } | { step: string; plusSeconds: number };

export interface Case {
  index: number;
  shape: Shape;
  operation: OperationName;
  moment: Moment;
  faults: PlannedFault[];
}

const coreServices = ['api', 'job-executor', 'job-distributor'] as const;
const onTheEngine: ReadonlySet<FaultName> = new Set(['elasticsearch', 'zookeeper', 's3', 'core service']);

/** The case of that seed and index, whatever others are run: `--seed 1 --only 7` is the seventh of `--seed 1`. */
export function drawCase(
  seed: number,
  index: number,
  among: readonly OperationName[],
  shapes: readonly Shape[] = ['volumes'],
): Case {
  const random = seeded(`${seed}:${index}`);
  const operation = dealt(`${seed}:operations`, index, among);
  const first = drawFault(random, [dealt(`${seed}:faults`, index, faultNames)]);
  const moment = drawMoment(random, operation);
  // Each operation is dealt shapes of its own: it meets all of them, and not by luck.
  const shape = dealt(`${seed}:shapes:${operation}`, Math.ceil(index / among.length), shapes);
  const faults = [first];
  if (random.next() < 0.35) {
    const others = faultNames.filter((name) => name !== first.fault && !meaningless(name, first.fault));
    faults.push({ ...drawFault(random, others), afterSeconds: tenths(random, 0, 50) });
  }
  // Not from the case's own numbers: another choice of shapes changes nothing else of it.
  const nodes = elasticsearchServices(shape);
  if (nodes.length > 1)
    for (const fault of faults)
      if (fault.fault === 'elasticsearch') fault.service = seeded(`${seed}:${index}:node`).pick(nodes);
  return { index, shape, operation, moment, faults };
}

/** Dealt like cards: each of them once before one comes again, in an order of its own each time. */
function dealt<T>(seed: string, index: number, cards: readonly T[]): T {
  const round = Math.floor((index - 1) / cards.length);
  const random = seeded(`${seed}:${round}`);
  const left = [...cards];
  for (let taken = (index - 1) % cards.length; taken > 0; taken -= 1)
    left.splice(random.between(0, left.length - 1), 1);
  return random.pick(left);
}

/** What runs on the engine cannot be killed on its own while the engine is down. */
function meaningless(one: FaultName, other: FaultName): boolean {
  return (one === 'engine' && onTheEngine.has(other)) || (other === 'engine' && onTheEngine.has(one));
}

function drawFault(random: Random, among: readonly FaultName[]): PlannedFault {
  const fault = random.pick(among);
  // Most are repaired while the run is still patient; one in six after that, so that it must give up or ask.
  const repairedAfterSeconds = random.next() < 1 / 6 ? random.between(35, 60) : tenths(random, 10, 150);
  const service = fault === 'core service' ? { service: random.pick(coreServices) } : {};
  return { fault, ...service, afterSeconds: 0, repairedAfterSeconds };
}

function drawMoment(random: Random, operation: OperationName): Moment {
  const { steps, usualSeconds }: Operation = operations[operation];
  if (random.next() < 0.35 || steps.length === 0) return { seconds: tenths(random, 2, usualSeconds * 10) };
  return { step: random.pick(steps), plusSeconds: tenths(random, 0, Math.min(15, usualSeconds)) };
}

/** Seconds with one decimal; the bounds are tenths of a second. */
const tenths = (random: Random, least: number, most: number): number => random.between(least, most) / 10;

export const momentInWords = (moment: Moment): string =>
  'seconds' in moment ? `${moment.seconds} s in` : `${moment.step} + ${moment.plusSeconds} s`;

export const faultInWords = ({ fault, service, afterSeconds, repairedAfterSeconds }: PlannedFault): string =>
  `${service ?? fault}${afterSeconds > 0 ? ` ${afterSeconds} s later` : ''}, repaired after ${repairedAfterSeconds} s`;
