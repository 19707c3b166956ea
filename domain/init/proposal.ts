/** A value of the platform file, or a place in it: `['stores', 0, 'repository']`. */
export type Place = (string | number)[];

/** What stands above a place of the file as a comment. */
export interface Remark {
  at: Place;
  text: string;
  /** Nobody but a person knows: it is marked `# ?`. */
  open?: true;
}

/** What may be wanted, below the file's content, commented out. */
export interface Suggestion {
  text: string;
  content: Record<string, unknown>;
}

/** A platform file that is valid as it is, with what is said about it. No secret is in it. */
export interface Proposal {
  content: ProposedFile;
  remarks: Remark[];
  suggestions: Suggestion[];
}

export interface ProposedFile {
  platform: string;
  deployment: Record<string, unknown>;
  stores: Record<string, unknown>[];
  catalogue: Record<string, unknown>;
  smoke?: Record<string, unknown>[];
}

/** One part of the file: its value, and what is said about places in it, from the part's own root. */
export interface Part<T> {
  value: T;
  remarks: Remark[];
}

/** The remarks of a part, as they stand in the whole. */
export function below(place: Place, remarks: readonly Remark[]): Remark[] {
  return remarks.map((remark) => ({ ...remark, at: [...place, ...remark.at] }));
}

export const says = (at: Place, text: string): Remark => ({ at, text });
export const asks = (at: Place, text: string): Remark => ({ at, text, open: true });

/** Texts that the platform file would change: `${NAME}` stands for a variable of the environment there. */
export const isPlain = (text: string): boolean => !/\$\{[A-Za-z_]/.test(text) && text !== '';

/** What the platform file takes for a name. */
export const isName = (text: string): boolean => /^[a-z0-9][a-z0-9._-]*$/i.test(text);
