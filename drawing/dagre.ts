import * as dagre from '@dagrejs/dagre';

/** What we use of the layout library, whose own types TypeScript cannot resolve in a project of modules. */
export interface DagreGraph {
  setGraph(options: {
    nodesep: number;
    edgesep: number;
    ranksep: number;
    /** Gives each node its `rank`: the row that it stands in. */
    ranker: (graph: DagreGraph) => void;
  }): void;
  setNode(name: string, size: { width: number; height: number }): void;
  setEdge(from: string, to: string, options: { weight: number; minlen: number }): void;
  nodes(): string[];
  inEdges(name: string): { v: string; w: string }[];
  /** `x`, `y`: its centre, after the layout. */
  node(name: string): { x: number; y: number; rank: number };
  edge(from: string | { v: string; w: string }, to?: string): { points: { x: number; y: number }[]; minlen: number };
}

const library = dagre as unknown as { Graph: new () => DagreGraph; layout: (graph: DagreGraph) => void };

export const newGraph = (): DagreGraph => new library.Graph();
/** Gives each node and edge of the graph its place. */
export const layOutGraph = (graph: DagreGraph): void => library.layout(graph);
