import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { noteKnownProject } from '../../../src/main/studio/projects/known-projects.ts';
import { errorAccountSchema } from '../../../src/shared/rpc.ts';
import { startServing, type Serving } from '../server/serving.ts';
import { cases } from './cases.ts';
import { callUntyped, listProcedures } from './procedures.ts';
import { portTransport, socketTransport, type Transport } from './transports.ts';
import { copyProject, fillProject, makeWorld, type World } from './world.ts';

// Many of the cases start processes.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** Procedures that are asked before a project is open. */
const needNoProject = /^(projects|settings|objectives|hardware|engines|models)\./;
const procedures = listProcedures();

const homeBefore = process.env.LOAM_HOME;
let serving: Serving;
beforeAll(async () => {
  serving = await startServing();
  process.env.LOAM_HOME = join(serving.folder, 'home');
  noteKnownProject(serving.project, null);
  const transport = socketTransport(serving);
  await fillProject(await makeWorld(transport, serving.project, join(serving.folder, 'texts')));
  transport.close();
});
afterAll(async () => {
  await serving.stop();
  if (homeBefore === undefined) delete process.env.LOAM_HOME;
  else process.env.LOAM_HOME = homeBefore;
});

test('every procedure of the contract has a case here, and only those', () => {
  expect(cases.map(({ procedure }) => procedure).sort()).toEqual(procedures.map(({ name }) => name).sort());
});

describe.each([
  ['the socket of the server', socketTransport],
  ['the port of the window', portTransport],
])('Over %s', (name, createTransport) => {
  let transport: Transport;
  let world: World;
  beforeAll(async () => {
    transport = createTransport(serving);
    const project = await copyProject(serving, name.replaceAll(' ', '-'));
    world = await makeWorld(transport, project, `${project}-texts`);
  });
  afterAll(() => transport.close());

  describe('a procedure is carried, with its answer', () => {
    test.each(cases.map(({ procedure, call }) => [procedure, call] as const))('%s', async (_name, call) => {
      await call(world);
    });
  });

  test('an input of another shape is refused by every procedure, in words', async () => {
    const wrong = { 'no such value': true };
    const refused = procedures.filter(({ hasInput }) => hasInput);
    for (const { name: called, path } of refused)
      for (const input of [wrong, 'text', null, [1]]) {
        const error: unknown = await callUntyped(world.client, path, input).catch(
          (refusal: unknown) => refusal,
        );
        expect(error, called).toMatchObject({ code: 'ACCOUNT', status: 422 });
        expect(errorAccountSchema.parse((error as { readonly data: unknown }).data).kind, called).toBe(
          'misuse',
        );
      }
    expect(refused.length).toBeGreaterThan(50);
  });

  test('a call that names no project is refused by every procedure that needs one', async () => {
    const client = await transport.connect(undefined);
    for (const { name: called, path } of procedures)
      if (!needNoProject.test(called))
        await expect(callUntyped(client, path, undefined), called).rejects.toMatchObject({
          code: 'ACCOUNT',
          data: { what: 'No project is open.' },
        });
  });

  test('a procedure that there is not is refused', async () => {
    await expect(callUntyped(world.client, ['runs', 'explode'], {})).rejects.toMatchObject({ status: 404 });
  });

  test.each([
    ['no message', 'hello'],
    ['half a message', '{"i":"1","p":{"u":"/runs/list"'],
    [
      'a message beyond the size limit',
      JSON.stringify({ i: '1', p: { u: '/runs/list', b: 'x'.repeat(5 * 2 ** 20) } }),
    ],
  ])('%s ends the connection, and others go on', async (_what, text) => {
    await transport.sendRaw(text);
    await expect(world.client.projects.recent()).resolves.toBeInstanceOf(Array);
  });

  test('a call that is given up no longer holds anything', async () => {
    const stop = new AbortController();
    const changes = await world.client.changes.watch(undefined, { signal: stop.signal });
    await changes.next();
    stop.abort();
    await expect(changes.next()).rejects.toThrow();
    await expect(world.client.runs.list()).resolves.toBeInstanceOf(Array);
  });
});
