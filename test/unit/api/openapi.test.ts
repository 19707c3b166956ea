import { Validator } from '@seriousme/openapi-schema-validator';
import { openApi } from '../../../api/openapi.ts';
import { routeSchemas } from '../../../api/route-schemas.ts';
import { routes, type RouteName, type RouteRow } from '../../../api/routes.ts';
import { roles } from '../../../domain/access.ts';

interface Operation {
  operationId: string;
  summary: string;
  security: Record<string, string[]>[];
  parameters: { name: string; in: string; required: boolean; schema: object }[];
  requestBody?: object;
  responses: Record<string, { content: Record<string, { schema: object }> }>;
}
const document = openApi('1.2.3') as {
  openapi: string;
  info: { version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown> };
};
const table = Object.entries(routes) as [RouteName, RouteRow][];

test('the document is OpenAPI 3.1 by its own schema, with references that lead somewhere', async () => {
  const validator = new Validator();
  expect(await validator.validate(structuredClone(openApi('1.2.3')))).toMatchObject({ valid: true });
  expect(validator.version).toBe('3.1');
  const { info: _, ...broken } = openApi('1.2.3');
  expect(await new Validator().validate(broken)).toMatchObject({ valid: false });
});

test('every route of the table is an operation with its role, its summary and its parameters', () => {
  expect(document).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } });
  for (const [name, { method, path, role, summary }] of table) {
    const operation = document.paths[path]?.[method.toLowerCase()];
    expect(operation).toMatchObject({ operationId: name, summary });
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
    expect(operation?.parameters.filter((one) => one.in === 'path').map((one) => one.name)).toEqual(inPath);
    expect(operation?.parameters.every((one) => one.in !== 'path' || one.required)).toBe(true);
    expect(operation?.security).toEqual(role === 'anyone' ? [{}] : [{ token: [role] }, { session: [] }]);
    expect(role === 'anyone' || roles.includes(role)).toBe(true);
    expect(summary).toMatch(/^[A-Z].*[^.]$/);
    expect(operation?.requestBody !== undefined).toBe('body' in routeSchemas[name]);
    expect(operation?.responses['default']).toBeDefined();
  }
  expect(Object.values(document.paths).flatMap((methods) => Object.keys(methods))).toHaveLength(table.length);
});

test('nothing but reads is asked for with GET, and what removes data asks for an approver', () => {
  for (const [name, { method }] of table) if (method === 'GET') expect(routeSchemas[name]).not.toHaveProperty('body');
  for (const name of ['approve', 'reject', 'rollback', 'release', 'startPrune', 'acceptPoint'] as const)
    expect(routes[name].role).toBe('approver');
});

test('every reference leads to a schema, and every schema is used', () => {
  const { schemas } = document.components;
  const used = new Set([...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, target = '']) => target));
  expect([...used].toSorted()).toEqual(
    Object.keys(schemas)
      .map((name) => `#/components/schemas/${name}`)
      .toSorted(),
  );
});

test('what clients need is described: optional fields, what a plan holds, what is refused', () => {
  const { RunDetails, Plan, ApprovePlan, StartRestore } = document.components.schemas;
  expect(RunDetails).toMatchObject({
    required: ['run', 'progress', 'pending', 'cutOff'],
    properties: { plan: { $ref: '#/components/schemas/Plan' } },
  });
  expect(Plan).toMatchObject({ properties: { steps: { items: { $ref: '#/components/schemas/Step' } } } });
  expect(ApprovePlan).toMatchObject({ required: ['planHash', 'platform'], additionalProperties: false });
  expect(StartRestore).toMatchObject({ additionalProperties: false });
});
