import type { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';

const names = ['RekindlePlatform', 'RekindlePhase', 'RekindleVerdict', 'RekindleRecoveryPoint'];

/** Registers the search attributes that the namespace lacks; without them a workflow's first task would fail. */
export async function registerSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = names.filter((name) => !(name in customAttributes));
  if (missing.length === 0) return;
  const keyword = proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map((name) => [name, keyword])),
  });
}
