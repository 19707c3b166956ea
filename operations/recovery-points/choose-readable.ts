import { Failure } from '../../domain/failures.ts';
import {
  fittingPoints,
  type PointChoice,
  type RecoveryPointManifest,
  type RecoveryPointSummary,
} from '../../domain/recovery-points/recovery-point.ts';
import type { OpenPlatform } from '../open-platform.ts';

/** The kinds that mean: an object of this point is damaged, of a later version, or was removed a moment ago. */
const unreadable = ['CatalogueRefused', 'RecoveryPointNotFound', 'CaptureUnreadable'];

/** With a wrong key no capture can be read: then the rest of a long list need not be tried. */
const mostTried = 20;

export interface ReadablePoint<T> {
  point: RecoveryPointSummary;
  /** All that the catalogue lists. */
  points: RecoveryPointSummary[];
  manifest: RecoveryPointManifest;
  /** What `read` made of it. */
  read: T;
  /** Points that come before it, newest first, and why each of them cannot be read. */
  passedOver: string[];
}

/**
 * The wanted recovery point with all that is wanted of it. One of which anything cannot be read is passed over for the
 * next older good one, and named: a restore refuses then, and says which one it could use. `but`: one that is never meant.
 * Failures: RecoveryPointNotFound; what is wrong with the first one when none can be read.
 */
export async function chooseReadable<T>(
  { catalogue, platform }: Pick<OpenPlatform, 'catalogue' | 'platform'>,
  choice: PointChoice,
  read: (manifest: RecoveryPointManifest, point: RecoveryPointSummary) => Promise<T>,
  { but }: { but?: string } = {},
): Promise<ReadablePoint<T>> {
  const { points } = await catalogue.listPoints();
  const fitting = fittingPoints(points, choice).filter(({ id }) => id !== but);
  const [wanted] = fitting;
  if (!wanted) throw notFound(platform.platform, choice, points.length);
  const older =
    'id' in choice ? fittingPoints(points, { before: wanted.startedAt }).filter(({ id }) => id !== but) : [];
  const passedOver: string[] = [];
  let first: Failure | undefined;
  for (const point of [...fitting, ...older].slice(0, mostTried)) {
    try {
      const manifest = await catalogue.readManifest(point.id);
      return { point, points, manifest, read: await read(manifest, point), passedOver };
    } catch (error) {
      if (!(error instanceof Failure && unreadable.includes(error.kind))) throw error;
      first ??= error;
      passedOver.push(`${point.id}: ${error.message}`);
    }
  }
  throw first as Failure;
}

function notFound(platform: string, choice: PointChoice, known: number): Failure {
  const wanted =
    'id' in choice
      ? ` "${choice.id}"`
      : 'before' in choice
        ? ` before ${choice.before}`
        : 'proven' in choice
          ? ' that is proven'
          : '';
  return new Failure('RecoveryPointNotFound', {
    message: `${platform} has no recovery point${wanted}`,
    remedy:
      known === 0
        ? `Take one with "rekindle backup ${platform}"`
        : `Choose one of the ${known} that "rekindle points ${platform}" lists`,
  });
}
