import type { Damage } from '../../domain/scrub/damage.ts';
import type { FoundFault } from '../../systems/elasticsearch/repository/repository-files.ts';
import type { ScrubFound } from './scrub-repository.ts';

/** What a fault is in the state that is kept. */
export const damageOf = ({ file, fault }: FoundFault): Omit<Damage, 'since'> => ({
  key: file.key,
  what: file.what,
  ...(file.index !== undefined && { index: file.index }),
  fault,
  points: file.points.map(({ id }) => id),
});

/** Points that the repository's own index does not list, and an index that is older than one that was seen. */
export function lostPoints({ look }: ScrubFound, seenBefore: number | undefined): Omit<Damage, 'since'>[] {
  const { generation } = look.repository;
  const key = `index-${Math.max(generation, seenBefore ?? 0)}`;
  const what = "the repository's index";
  const older = seenBefore !== undefined && generation < seenBefore;
  const lost = look.lost.map(({ id }) => id);
  if (!older && lost.length === 0) return [];
  const faults = [
    ...(older && generation < 0 ? ['it is not there'] : []),
    ...(older && generation >= 0 ? [`it is an older generation, ${generation}; ${seenBefore} was seen before`] : []),
    ...(lost.length > 0 ? [`it does not list what belongs to ${lost.join(', ')}`] : []),
  ];
  return [{ key, what, fault: faults.join('; '), points: lost }];
}
