import { setTimeout as pause } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { codeOf } from '../config/temporal/connect.ts';
import { Failure } from '../domain/failures.ts';
import { searchAttributes } from '../domain/runs/search-attributes.ts';

/** The gRPC codes of a server that lets nobody register attributes over its API, as Temporal Cloud does not. */
const notForUs = new Set([7, 12, 16]);
/** The gRPC code for a search by what is not registered. */
const invalidArgument = 3;

/** A server of one's own keeps what it knows of a namespace for seconds, Temporal's development server not at all. */
const knownWithinMs = 30_000;

const names = Object.values(searchAttributes);

/**
 * Registers the search attributes that the namespace lacks; without them a workflow's first task would fail. Where that is
 * not allowed, they must be there. Failure: InvalidArgument, naming the missing ones.
 */
export async function registerSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  try {
    await register(connection, namespace);
  } catch (error) {
    if (!notForUs.has(codeOf(error) ?? 0)) throw error;
    await demandSearchAttributes(connection, namespace, error);
  }
}

async function register(connection: Connection, namespace: string): Promise<void> {
  const { operatorService } = connection;
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  const missing = names.filter((name) => !(name in customAttributes));
  if (missing.length === 0) return;
  const keyword = proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;
  await operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map((name) => [name, keyword])),
  });
  await untilKnown(connection, namespace);
}

/** Before, lists by them are refused, and tasks of workflows that set them fail and are retried. */
async function untilKnown(connection: Connection, namespace: string): Promise<void> {
  const end = Date.now() + knownWithinMs;
  while ((await unknownOnes(connection, namespace)).length > 0 && Date.now() < end) await pause(500);
}

async function unknownOnes(connection: Connection, namespace: string): Promise<string[]> {
  const found = await Promise.all(names.map((name) => canSearchBy(name, connection, namespace)));
  return names.filter((_, index) => !found[index]);
}

async function demandSearchAttributes(connection: Connection, namespace: string, cause: unknown): Promise<void> {
  const missing = await unknownOnes(connection, namespace);
  if (missing.length === 0) return;
  throw new Failure(
    'InvalidArgument',
    {
      message: `The namespace ${namespace} lacks the search attributes ${missing.join(', ')}, and Temporal does not let workers add them`,
      remedy: `Add them in Temporal Cloud's page of the namespace, of type Keyword, or: tcld namespace search-attributes add --namespace ${namespace} ${missing.map((name) => `--sa "${name}=Keyword"`).join(' ')}`,
    },
    { cause },
  );
}

/** Asked by a search: nothing else answers this to everybody. */
async function canSearchBy(name: string, { workflowService }: Connection, namespace: string): Promise<boolean> {
  try {
    await workflowService.countWorkflowExecutions({ namespace, query: `${name} = "none"` });
    return true;
  } catch (error) {
    if (codeOf(error) === invalidArgument) return false;
    throw error;
  }
}
