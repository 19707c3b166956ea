import type { AnswerOf, BodyOf, QueryOf } from '../../api/route-schemas.ts';
import type { RouteName } from '../../api/routes.ts';
import type { Caller } from '../../domain/access.ts';
import type { StartedBy } from '../../domain/runs/started-by.ts';

/** What a handler is given: checked, and with who asks. */
export interface Request<R extends RouteName> {
  caller: Caller;
  /** Who gives the word: the authenticated name, or while access control is off the one that was sent. */
  by: string;
  /** How a run comes about that this request starts. */
  startedBy: (name: string) => StartedBy;
  params: { platform: string; run: string; point: string; incident: string; fleet: string };
  query: QueryOf<R>;
  body: BodyOf<R>;
}

/** Those of gateway/access/, and those that do not answer with a JSON document of ours. */
type Elsewhere = 'session' | 'logIn' | 'logOut' | 'events' | 'reportPage' | 'openApi';

/** One for each route. */
export type Handlers = {
  [R in Exclude<RouteName, Elsewhere>]: (request: Request<R>) => Promise<AnswerOf<R>>;
};
