// What tests may start: the product's workflows, and those that are built but not yet among them.
export * from '../../workflows/index.ts';
