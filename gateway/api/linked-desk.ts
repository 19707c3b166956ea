import type { Desk } from '../../client/desk.ts';
import { temporalDesk, type DeskOptions } from '../../client/temporal-desk.ts';
import type { TemporalLink } from '../temporal-link.ts';

type Methods = Exclude<keyof Desk, 'pollEveryMs'>;
const methods = [
  'start',
  'find',
  'look',
  'plan',
  'proposal',
  'runs',
  'quarantines',
  'approve',
  'reject',
  'decide',
  'cancel',
  'rollback',
  'release',
  'closed',
] as const satisfies Methods[];

/** A desk that outlives its connection to Temporal. */
export function linkedDesk(link: TemporalLink, options: Omit<DeskOptions, 'client'>): Desk {
  const linked = (method: Methods) => (first: never, second: never) =>
    link.use<unknown>((client) => {
      const desk = temporalDesk({ client, ...options });
      return (desk[method] as (first: never, second: never) => Promise<unknown>)(first, second);
    });
  return { pollEveryMs: 1000, ...Object.fromEntries(methods.map((method) => [method, linked(method)])) } as Desk;
}
