const longestList = 2_000;

/** Lists of names short enough for a request's path, which Elasticsearch limits to 4 KB. */
export function inPathSizes(names: readonly string[]): string[][] {
  const lists: string[][] = [];
  let room = 0;
  for (const name of names) {
    const length = encodeURIComponent(name).length + 3;
    if (length > room) {
      lists.push([]);
      room = longestList;
    }
    lists.at(-1)?.push(name);
    room -= length;
  }
  return lists;
}
