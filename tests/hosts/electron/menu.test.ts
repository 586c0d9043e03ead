import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noteKnownProject } from '../../../src/main/studio/projects/known-projects.ts';
import { createProject } from '../../../src/main/studio/projects/projects.ts';
import { buildDesktop, type BuiltDesktop } from './built-desktop.ts';
import { startDesktop, type Desktop, type DesktopOptions } from './desktop.ts';
import type { MenuItem } from './double/electron.ts';

/** For what takes a moment, on a machine that does much else. */
const patience = { timeout: 15_000 };

let built: BuiltDesktop;
let folder: string;
const running: Desktop[] = [];
beforeAll(async () => {
  built = await buildDesktop();
  folder = await mkdtemp(join(tmpdir(), 'loam-menu-'));
  for (const name of ['reports', 'tickets & answers']) await createProject(join(folder, name));
});
afterAll(async () => {
  for (const desktop of running) await desktop.end();
  await rm(folder, { recursive: true, force: true });
});

/** A home in which two projects were opened before, and one that is gone. */
async function homeWithProjects(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'loam-menu-home-'));
  await mkdir(home, { recursive: true });
  const entry = (name: string, hour: string) => ({
    name,
    folder: join(folder, name),
    openedAt: `2026-01-01T${hour}:00:00.000Z`,
  });
  await writeFile(
    join(home, 'recent-projects.json'),
    JSON.stringify([entry('tickets & answers', '12'), entry('gone', '11'), entry('reports', '10')]),
  );
  return home;
}

async function start(options: DesktopOptions = {}): Promise<Desktop> {
  const desktop = await startDesktop(built, options);
  running.push(desktop);
  return desktop;
}

const menuOf = ({ double }: Desktop): readonly MenuItem[] => double.record.menus.at(-1) ?? [];
const all = (items: readonly MenuItem[]): readonly MenuItem[] =>
  items.flatMap((item) => [item, ...all(item.submenu ?? [])]);
const find = (items: readonly MenuItem[], label: string): MenuItem => {
  const found = all(items).find((item) => item.label === label);
  if (found === undefined) throw new Error(`The menu has no ${label}.`);
  return found;
};

describe('The menu', () => {
  test('has the usual places and shortcuts, none twice', async () => {
    const menu = menuOf(await start());
    expect(menu.map(({ label }) => label)).toEqual(['&File', '&Edit', '&Go', '&View', '&Window', '&Help']);
    const shortcuts = all(menu).flatMap(({ accelerator = [] }) => accelerator);
    expect(new Set(shortcuts).size).toBe(shortcuts.length);
    expect(find(menu, 'New Project…').accelerator).toBe('CmdOrCtrl+N');
    expect(find(menu, 'Open Project…').accelerator).toBe('CmdOrCtrl+O');
    expect(find(menu, 'Settings…').accelerator).toBe('CmdOrCtrl+,');
    const roles = new Set(all(menu).map(({ role }) => role));
    for (const role of ['undo', 'redo', 'cut', 'copy', 'paste', 'selectAll', 'quit', 'togglefullscreen'])
      expect(roles, role).toContain(role);
  });

  test('has on a Mac the application’s own menu first, with settings and quit in it', async () => {
    const menu = menuOf(await start({ platform: 'darwin' }));
    expect(menu.map(({ label }) => label)[0]).toBe('Loam');
    expect(all(menu[0]?.submenu ?? []).map(({ role, label }) => role ?? label)).toEqual([
      'about',
      undefined,
      'Settings…',
      undefined,
      'services',
      undefined,
      'hide',
      'hideOthers',
      'unhide',
      undefined,
      'quit',
    ]);
    expect(all(menu.slice(1)).some(({ role }) => role === 'quit')).toBe(false);
  });

  test('goes to a screen', async () => {
    const desktop = await start();
    find(menuOf(desktop), 'Runs').click?.();
    await expect.poll(() => desktop.window.loaded?.url, patience).toBe('loam://studio/#/runs');
    find(menuOf(desktop), 'New Project…').click?.();
    await expect.poll(() => desktop.window.loaded?.url, patience).toBe('loam://studio/#/?new=true');
  });

  test('opens a project that the person chooses, and those that were open before', async () => {
    const desktop = await start({ home: await homeWithProjects() });
    const asked: string[] = [];
    desktop.page.bridge.onOpenProject((project) => asked.push(project));
    desktop.double.record.answers.push([join(folder, 'reports')]);
    find(menuOf(desktop), 'Open Project…').click?.();
    await expect.poll(() => asked, patience).toEqual([join(folder, 'reports')]);
    const recent = find(menuOf(desktop), 'Open Recent').submenu ?? [];
    expect(recent.map(({ label }) => label)).toEqual([
      `tickets && answers — ${join(folder, 'tickets && answers')}`,
      `reports — ${join(folder, 'reports')}`,
    ]);
    recent[0]?.click?.();
    expect(asked.at(-1)).toBe(join(folder, 'tickets & answers'));
    expect((await desktop.page.client().projects.places()).startProject).toBe(
      join(folder, 'tickets & answers'),
    );
  });

  test('knows a project as soon as it was opened', async () => {
    const desktop = await start();
    expect(find(menuOf(desktop), 'Open Recent').submenu).toEqual([
      { label: 'No projects yet', enabled: false },
    ]);
    noteKnownProject(join(folder, 'reports'), null, desktop.home);
    await desktop.page.client().projects.open({ folder: join(folder, 'reports') });
    await expect
      .poll(() => find(menuOf(desktop), 'Open Recent').submenu?.map(({ label }) => label), patience)
      .toEqual([`reports — ${join(folder, 'reports')}`]);
  });
});

describe('The projects that were open before are offered by the system', () => {
  test('in the taskbar’s list on Windows', async () => {
    const { double } = await start({ home: await homeWithProjects(), platform: 'win32' });
    expect(double.record.jumpLists.at(-1)).toEqual([
      {
        type: 'custom',
        name: 'Projects',
        items: [
          expect.objectContaining({
            title: 'tickets & answers',
            args: `"/application" --project "${join(folder, 'tickets & answers')}"`,
          }),
          expect.objectContaining({ title: 'reports' }),
        ],
      },
      { type: 'tasks', items: [] },
    ]);
  });

  test('in the dock’s menu and among the recent documents on a Mac', async () => {
    const { double } = await start({ home: await homeWithProjects(), platform: 'darwin' });
    expect(double.record.dockMenus.at(-1)).toHaveLength(2);
    expect(double.record.recentDocuments).toEqual([
      join(folder, 'tickets & answers'),
      join(folder, 'reports'),
    ]);
  });
});

test('A start names its project by an option, by the folder, or by the store in it', async () => {
  const project = join(folder, 'reports');
  for (const words of [['--project', project], ['.', project], [join(project, 'loam.sqlite')]]) {
    const { page } = await start({ words });
    expect((await page.client().projects.places()).startProject, words.join(' ')).toBe(project);
  }
  const { double, page } = await start();
  const asked: string[] = [];
  page.bridge.onOpenProject((opened) => asked.push(opened));
  double.module.app.emit('open-file', { preventDefault: () => undefined }, join(project, 'loam.sqlite'));
  expect(asked).toEqual([project]);
});
