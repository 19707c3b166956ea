import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { upsertSearchAttributes } from '@temporalio/workflow';
import { searchAttributes, type SearchAttribute } from '../../domain/runs/search-attributes.ts';

/** Sets search attributes of this workflow: people find it by them in Temporal's lists. */
export function showAttributes(values: Partial<Record<SearchAttribute, string>>): void {
  upsertSearchAttributes(
    Object.entries(values).map(([name, value]) => ({
      key: defineSearchAttributeKey(searchAttributes[name as SearchAttribute], SearchAttributeType.KEYWORD),
      value,
    })),
  );
}
