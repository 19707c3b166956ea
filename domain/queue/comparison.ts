import type { JobTable, QueueEntry } from './job-table.ts';
import type { EntryNames, NamedEntry } from './entry-names.ts';

/** Priority and sequence as one number that sorts like the name. */
const perPriority = 1e10;

/** How a queue differs from the jobs it must hold, by value. */
export interface QueueDifference {
  /** Numbers of the jobs without an entry, in queue order. */
  missing: Uint32Array;
  /** Entries without such a job. */
  extra: NamedEntry[];
  /** Additional entries of a job that already has one. */
  duplicates: NamedEntry[];
  /** The first place where the queue's order is not that of the jobs; undefined when it is the same. */
  firstDisorder?: { expected: QueueEntry; found: NamedEntry };
}

/**
 * Takes the entries of a queue one by one, in any order, and compares them with the jobs it must hold. Uses
 * eight bytes per job, plus the extra and duplicate entries.
 */
export class QueueComparison {
  readonly #jobs: JobTable;
  readonly #names: EntryNames;
  /** By job: the lowest entry that stands for it. */
  readonly #places: Float64Array;
  readonly #extra: NamedEntry[] = [];
  readonly #duplicates: NamedEntry[] = [];
  /** Each sequence number below the number of entries occurs once: freshly written, and nothing was taken. */
  readonly #sequences: Uint8Array;
  #seen = 0;
  #distinct = 0;
  #asLaidOut = true;

  /** `entries`: how many the queue holds at most. */
  constructor(jobs: JobTable, names: EntryNames, entries: number) {
    this.#jobs = jobs;
    this.#names = names;
    this.#places = new Float64Array(jobs.size).fill(NaN);
    this.#sequences = new Uint8Array(entries);
  }

  see(name: string, value: string): void {
    this.#seen += 1;
    const place = this.#names.parse(name);
    const job = this.#jobs.find(value);
    if (place && this.#sequences[place.sequence] === 0) {
      this.#sequences[place.sequence] = 1;
      this.#distinct += 1;
    }
    if (place === undefined || job === undefined) {
      this.#asLaidOut = false;
      this.#extra.push({ name, value });
      return;
    }
    if (place.sequence !== job || place.priority !== this.#jobs.priority(job)) this.#asLaidOut = false;
    const key = place.priority * perPriority + place.sequence;
    const known = this.#places[job] ?? NaN;
    this.#places[job] = Number.isNaN(known) ? key : Math.min(known, key);
    if (!Number.isNaN(known)) this.#duplicates.push({ name: this.#nameOf(Math.max(known, key)), value });
  }

  get seen(): number {
    return this.#seen;
  }

  /** Every entry seen is one that a freshly written queue of these jobs would hold under the same name. */
  get isPartOfNew(): boolean {
    return this.#asLaidOut;
  }

  /** Once all entries have been seen. */
  result(): QueueDifference {
    const missing = this.#jobs.inQueueOrder().filter((job) => Number.isNaN(this.#places[job] ?? NaN));
    const numberedFromZero = this.#distinct === this.#seen && this.#sequences.subarray(0, this.#seen).every(Boolean);
    const firstDisorder = numberedFromZero ? this.#exactDisorder() : this.#priorityDisorder();
    const byName = (a: NamedEntry, b: NamedEntry) => (a.name < b.name ? -1 : 1);
    return {
      missing,
      extra: this.#extra.toSorted(byName),
      duplicates: this.#duplicates.toSorted(byName),
      ...(firstDisorder && { firstDisorder }),
    };
  }

  /** A freshly written queue: its order must be that of the jobs. */
  #exactDisorder(): QueueDifference['firstDisorder'] {
    const expected = this.#jobs.inQueueOrder().filter((job) => !Number.isNaN(this.#places[job] ?? NaN));
    const found = expected.toSorted((a, b) => (this.#places[a] ?? 0) - (this.#places[b] ?? 0));
    const index = expected.findIndex((job, place) => job !== found[place] || !this.#hasItsPriority(job));
    return index < 0 ? undefined : this.#disorder(expected[index] ?? 0, found[index] ?? 0);
  }

  /** A queue that producers filled over time: each entry must have the priority of its job. */
  #priorityDisorder(): QueueDifference['firstDisorder'] {
    for (let job = 0; job < this.#places.length; job++)
      if (!Number.isNaN(this.#places[job] ?? NaN) && !this.#hasItsPriority(job)) return this.#disorder(job, job);
    return undefined;
  }

  #hasItsPriority(job: number): boolean {
    return Math.floor((this.#places[job] ?? 0) / perPriority) === this.#jobs.priority(job);
  }

  #disorder(expected: number, found: number): QueueDifference['firstDisorder'] {
    return {
      expected: this.#jobs.entry(expected),
      found: { name: this.#nameOf(this.#places[found] ?? 0), value: this.#jobs.value(found) },
    };
  }

  #nameOf(key: number): string {
    return this.#names.name(Math.floor(key / perPriority), key % perPriority);
  }
}
