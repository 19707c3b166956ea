export interface TemporalServerPrograms {
  server: string;
  /** Makes and updates the tables. */
  sqlTool: string;
}
/** Where the programs are, or will be. */
export function temporalServerPrograms(): TemporalServerPrograms;
/** Builds both when they are missing. Throws a failure with message and remedy. */
export function ensureTemporalServer(say: (line: string) => void): Promise<TemporalServerPrograms>;
