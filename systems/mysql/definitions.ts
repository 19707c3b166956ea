import { Failure } from '../../domain/failures.ts';
import type { MysqlFlavour } from '../../domain/mysql/expected.ts';
import type { Pieces } from '../streams/pieces.ts';
import { identifier, literal, type MysqlAccess } from './access.ts';
import { linesOf, rows, run, unescaped, type Question } from './client.ts';
import { complete, dump } from './dump.ts';

const mostBytes = 64 * 1024 * 1024;

/** What a database has besides its tables. */
export interface Definitions {
  /** Triggers, routines and events; may be carried out twice. */
  programs: string;
  /** One statement each, in no order; may be carried out twice. */
  views: string[];
}

/** Failures: ServiceNotFound, ContainerFailed. */
export async function readDefinitions(
  access: MysqlAccess,
  flavour: MysqlFlavour,
  database: string,
  signal?: AbortSignal,
): Promise<Definitions> {
  const what = `Reading the definitions of the database ${database}`;
  const options = ['--no-data', '--no-create-info', '--routines', '--events', '--triggers'];
  const command = dump(access, flavour, { options, names: [database], what });
  const pieces = complete(access.container.outputOf(command, { ...(signal && { signal }) }), what);
  const programs = (await wholeOf(pieces, what)).toString('utf8');
  return { programs, views: await readViews(access, database, { what, ...(signal && { signal }) }) };
}

/** By the server itself: mysqldump refuses a database with a view that has lost a table. */
async function readViews(access: MysqlAccess, database: string, question: Question): Promise<string[]> {
  const found = await rows<{ name: string }>(
    access,
    `select json_object('name', table_name) from information_schema.tables
where table_schema = ${literal(database)} and table_type = 'VIEW';`,
    question,
  );
  if (found.length === 0) return [];
  const script = found.map(({ name }) => `show create view ${identifier(database)}.${identifier(name)};`).join('\n');
  const lines = linesOf(await run(access, script, question, { escaped: true }));
  return lines.map((line) => {
    const [, statement = '', , collation = ''] = line.split('\t').map(unescaped);
    return `set collation_connection = ${collation};\n${statement.replace(/^CREATE /, 'CREATE OR REPLACE ')};`;
  });
}

/**
 * Carries definitions of some databases out. A view that uses others needs these first, so it goes on as long as views are gained;
 * one that had lost what it uses cannot be created, as it could not be used. Failures: ServiceNotFound, ContainerFailed.
 */
export async function applyDefinitions(
  access: MysqlAccess,
  all: readonly { database: string; definitions: Definitions }[],
  signal?: AbortSignal,
): Promise<void> {
  const question = { what: 'Defining views and routines again', ...(signal && { signal }) };
  const names = all.map(({ database }) => literal(database)).join(', ');
  for (const { database, definitions } of all)
    await run(access, `use ${identifier(database)};\n${definitions.programs}`, question);
  const views = all.flatMap(({ database, definitions }) =>
    definitions.views.length === 0 ? [] : [`use ${identifier(database)};`, ...definitions.views],
  );
  for (let before = -1; views.length > 0;) {
    await run(access, views.join('\n'), question, { tolerant: true });
    const sql = `select json_object('views', count(*)) from information_schema.views where table_schema in (${names});`;
    const now = (await rows<{ views: number }>(access, sql, question))[0]?.views ?? 0;
    if (now === before) return;
    before = now;
  }
}

/** All of it, where it is known to be little. Failure: RepositoryCorrupted, when it is not. */
export async function wholeOf(pieces: Pieces, what: string): Promise<Buffer> {
  const all: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    all.push(piece);
    bytes += piece.length;
    if (bytes > mostBytes)
      throw new Failure('RepositoryCorrupted', {
        message: `${what} gave more than ${mostBytes} bytes`,
        remedy: 'Choose another recovery point, or restore by hand as docs/mysql.md says',
      });
  }
  return Buffer.concat(all);
}
