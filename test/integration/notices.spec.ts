import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import type { z } from 'zod';
import { systemScheduler } from '../../src/common/clock.js';
import type { noticesSchema } from '../../src/config/notices-schema.js';
import { openPool } from '../../src/database/bounded-client.js';
import { type CoreLock, NotTheWriterError } from '../../src/database/core-lock.js';
import { noticeId } from '../../src/notices/notice.js';
import { NoticesRepository } from '../../src/notices/notices.repository.js';
import { NoticesService } from '../../src/notices/notices.service.js';
import { HttpReceiver, status } from '../../src/notices/testing/http-receiver.js';
import { MailServer } from '../../src/notices/testing/mail-server.js';
import { noticeWith } from '../../src/notices/testing/notice.js';
import { noticeSettings } from '../../src/notices/testing/settings.js';
import { startTestDatabase, type TestDatabase } from '../fixtures/database.js';
import { DatabaseProxy } from '../fixtures/database-proxy.js';

const HOUR_MS = 3_600_000;
const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`never: ${what}`);
}

const opened = (name: string) => noticeWith({ key: `incident/${name}/opened`, subject: `incident/${name}` });
const changed = (name: string, to: string) =>
  noticeWith({ key: `incident/${name}/changed/${to}`, subject: `incident/${name}`, type: 'incident.changed' });
const resolved = (name: string) =>
  noticeWith({ key: `incident/${name}/resolved`, subject: `incident/${name}`, type: 'incident.resolved' });

describe('the outbox of notices', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let directory: string;
  let secretFile: string;
  let web: HttpReceiver;
  let aheadMs = 0;
  let holdsLock = true;
  const services: NoticesService[] = [];

  beforeAll(async () => {
    database = await startTestDatabase();
    pool = openPool(database.url, 5);
    directory = mkdtempSync(join(tmpdir(), 'notices-'));
    secretFile = join(directory, 'secret');
    writeFileSync(secretFile, 'CANARY-0123456789abcdef');
  });
  afterAll(async () => {
    await pool.end();
    await database.stop();
    rmSync(directory, { recursive: true });
  });
  beforeEach(async () => {
    web = await HttpReceiver.start();
    aheadMs = 0;
    holdsLock = true;
    await pool.query('TRUNCATE notice, notice_delivery');
  });
  afterEach(async () => {
    await Promise.all(services.splice(0).map((service) => service.onModuleDestroy()));
    await web.stop();
  });

  const lock = {
    mustHold: () => {
      if (!holdsLock) throw new NotTheWriterError('a spec says so');
    },
  } as CoreLock;
  const scheduler = { ...systemScheduler, wallMs: () => Date.now() + aheadMs };
  const hook = (name = 'noc', url = web.url()) => ({ name, url, secretFile });

  const start = (given: z.input<typeof noticesSchema> = { webhooks: [hook()] }, over = pool): NoticesService => {
    const service = new NoticesService({ notices: noticeSettings(given) }, new NoticesRepository(over, lock), scheduler);
    services.push(service);
    service.start({ simulated: false });
    return service;
  };
  const states = async (): Promise<Record<string, string>> => {
    const { rows } = await pool.query<{ key: string; receiver: string; state: string }>(
      'SELECT key, receiver, state FROM notice_delivery JOIN notice ON id = notice_id ORDER BY id',
    );
    return Object.fromEntries(rows.map(({ key, receiver, state }) => [`${key} ${receiver}`, state]));
  };
  const allAre = async (...wanted: string[]): Promise<boolean> => {
    const found = Object.values(await states());
    return found.length > 0 && found.every((state) => wanted.includes(state));
  };
  const ids = (...names: string[]) => names.map((name) => noticeId(`incident/${name}/opened`));

  it('sends an event once, however often it is told, also after a restart', async () => {
    const first = start();
    for (let times = 0; times < 3; times++) first.take(opened('a'));
    await until('sent', () => allAre('sent'));
    await first.onModuleDestroy();
    const second = start();
    second.take(opened('a'));
    second.take(opened('b'));
    await until('the second is sent', () => web.requests.length === 2);
    await until('noted', () => allAre('sent'));
    expect(web.ids()).toEqual(ids('a', 'b'));
    expect((await second.list({ limit: 10 })).items).toMatchObject([
      { id: noticeId('incident/b/opened'), deliveries: [{ receiver: 'noc', state: 'sent', attempts: 1, lastError: null }] },
      { id: noticeId('incident/a/opened'), deliveries: [{ receiver: 'noc', state: 'sent', attempts: 1, lastError: null }] },
    ]);
  });

  it('keeps what is told of an incident in its order, and holds up nothing else', async () => {
    web.answer = (response) => status(web.requests.at(-1)?.body.includes('"incident/a"') ? 422 : 204)(response);
    const service = start();
    for (const notice of [opened('a'), resolved('a'), opened('b'), resolved('b')]) service.take(notice);
    await until('b is told', async () => (await states())['incident/b/resolved noc'] === 'sent');
    await until('a was refused thrice', () => web.ids().filter((id) => id === noticeId('incident/a/opened')).length >= 3);
    expect(web.ids()).not.toContain(noticeId('incident/a/resolved'));
    web.answer = status(204);
    await until('all is told', () => allAre('sent'));
    expect(web.ids().slice(-2)).toEqual([noticeId('incident/a/opened'), noticeId('incident/a/resolved')]);
  });

  it('asks a receiver that is away with one notice at a time, and goes on in order when it is back', async () => {
    web.answer = status(503);
    const service = start();
    for (const name of ['a', 'b', 'c']) service.take(opened(name));
    await until('some attempts', () => web.requests.length >= 4);
    expect(new Set(web.ids())).toEqual(new Set(ids('a')));
    expect(service.receivers()).toMatchObject([{ name: 'noc', lastError: 'status 503', pausedUntilMs: expect.any(Number) }]);
    web.answer = status(204);
    await until('all is told', () => allAre('sent'));
    expect(web.ids().slice(-3)).toEqual(ids('a', 'b', 'c'));
    expect(service.receivers()).toMatchObject([{ sent: 3, dead: 0, pausedUntilMs: null, lastError: null }]);
  });

  it('lets a receiver that hangs, resets or refuses delay nobody else', async () => {
    const [hanging, resetting] = [await HttpReceiver.start(), await HttpReceiver.start()];
    hanging.answer = () => undefined;
    resetting.answer = (response) => response.socket?.resetAndDestroy();
    const service = start({
      webhooks: [hook('hanging', hanging.url()), hook('resetting', resetting.url()), hook('gone', 'http://127.0.0.1:1/'), hook()],
    });
    const names = Array.from({ length: 30 }, (_one, index) => `n${index}`);
    for (const name of names) service.take(opened(name));
    await until('noc has them all', () => web.requests.length === names.length);
    expect(web.ids()).toEqual(ids(...names));
    // still in its first attempt: what it has not answered kept nobody waiting
    expect(hanging.requests).toHaveLength(1);
    await Promise.all([service.onModuleDestroy(), hanging.stop(), resetting.stop()]);
  });

  it('sends the newest picture of an incident in the place of those that nobody was told', async () => {
    const service = start({ webhooks: [hook()], settleSeconds: 600 });
    service.take(opened('a'));
    await until('opened is told', () => web.requests.length === 1);
    for (const to of ['one', 'two', 'three']) {
      service.take(changed('a', to));
      aheadMs += 250_000;
      await until('stored', async () => (await service.list({ limit: 9 })).items[0]?.id === noticeId(`incident/a/changed/${to}`));
    }
    // 750 s after the first: the newest is due although it is only 250 s old
    service.take(opened('b'));
    await until('both are told', () => web.requests.length === 3);
    expect(web.ids()).toEqual(['incident/a/opened', 'incident/a/changed/three', 'incident/b/opened'].map(noticeId));
    service.take(changed('a', 'four'));
    service.take(resolved('a'));
    await until('resolved is told', () => web.requests.length === 4);
    expect(web.ids()[3]).toBe(noticeId('incident/a/resolved'));
    await until('noted', async () => (await states())['incident/a/resolved noc'] === 'sent');
    expect(Object.entries(await states()).flatMap(([key, state]) => (state === 'superseded' ? [key] : []))).toEqual(
      ['one', 'two', 'four'].map((to) => `incident/a/changed/${to} noc`),
    );
  });

  it('gives up after the time that is set, and says so', async () => {
    web.answer = status(500);
    const service = start({ webhooks: [hook()], giveUpAfterHours: 2 });
    service.take(opened('a'));
    service.take(opened('b'));
    await until('tried', () => web.requests.length >= 3);
    expect(await allAre('waiting')).toBe(true);
    aheadMs = 2 * HOUR_MS;
    service.take(opened('late'));
    await until('given up', async () => (await states())['incident/b/opened noc'] === 'dead');
    expect(await states()).toMatchObject({ 'incident/a/opened noc': 'dead', 'incident/late/opened noc': 'waiting' });
    expect(service.receivers()).toMatchObject([{ dead: 2 }]);
    const { items, total } = await service.list({ state: 'dead', receiver: 'noc', limit: 1 });
    expect({ items, total }).toMatchObject({ total: 2, items: [{ deliveries: [{ state: 'dead', lastError: 'status 500' }] }] });
  });

  it('gathers the rest in one mail at the end of the period', async () => {
    const mail = await MailServer.start();
    aheadMs = -(Date.now() % HOUR_MS) + 60_000;
    const service = start({
      mail: {
        ...{ from: 'monitor@example.vn', server: { host: '127.0.0.1', port: mail.port, encryption: 'none' } },
        lists: [{ name: 'duty', to: ['truc@example.vn'] }],
      },
    });
    const ready = (name: string) => noticeWith({ key: `session/${name}`, type: 'session.ready', subject: `session/${name}` });
    service.take(ready('a'));
    service.take(ready('b'));
    service.take(opened('now'));
    await until('the urgent one is told', () => mail.mails.length === 1);
    expect(mail.mails[0]?.header('X-Thong-Suot-Type')).toBe('incident.opened');
    expect(await states()).toMatchObject({ 'session/a duty': 'waiting', 'session/b duty': 'waiting' });
    aheadMs += HOUR_MS;
    service.take(ready('in the next period'));
    await until('the digest is told', () => mail.mails.length === 2);
    expect(mail.mails[1]?.header('Subject')).toContain('2 thông báo');
    await until('noted', async () => (await states())['session/b duty'] === 'sent');
    expect(await states()).toMatchObject({ 'session/a duty': 'sent', 'session/in the next period duty': 'waiting' });
    await service.onModuleDestroy();
    await mail.stop();
  });

  it('tests a receiver at once, though it is being left alone', async () => {
    web.answer = status(500);
    const service = start({ webhooks: [hook()], backoffSeconds: { min: 3600, max: 3600 } });
    service.take(opened('a'));
    await until('paused', () => service.receivers()[0]?.pausedUntilMs !== null);
    web.answer = status(204);
    const { id } = service.test(['noc']);
    await until('the test arrives', () => web.ids().includes(id));
    expect(web.ids()).toEqual([...ids('a', 'a'), id]);
  });

  it('writes and sends nothing without the lock of the writing core', async () => {
    holdsLock = false;
    const service = start();
    service.take(opened('a'));
    await until('it was tried', () => service.unstored().waiting === 1);
    expect(await states()).toEqual({});
    holdsLock = true;
    await until('sent', () => allAre('sent'));
    expect(service.unstored()).toEqual({ waiting: 0, dropped: 0 });
  });

  it('keeps in memory, in order, what the database does not take', async () => {
    const proxy = await DatabaseProxy.start(database.url);
    const over = openPool(proxy.url, 3);
    const service = start({ webhooks: [hook()] }, over);
    await proxy.refuse();
    for (const name of ['a', 'b', 'c']) service.take(opened(name));
    await until('they wait', () => service.unstored().waiting === 3);
    expect(web.requests).toEqual([]);
    await proxy.heal();
    await until('all is told', () => allAre('sent'));
    expect(web.ids()).toEqual(ids('a', 'b', 'c'));
    await service.onModuleDestroy();
    await over.end();
    await proxy.stop();
  });

  it('forgets what is old and done, and nobody waits for a receiver that left the settings', async () => {
    const service = start({ webhooks: [hook(), hook('left', 'http://127.0.0.1:1/')], keepDays: 1 });
    service.take(opened('a'));
    await until('sent', async () => (await states())['incident/a/opened noc'] === 'sent');
    await service.onModuleDestroy();
    const later = start({ webhooks: [hook()], keepDays: 1 });
    await later.forgetQuietly();
    expect(await states()).toEqual({ 'incident/a/opened left': 'dead', 'incident/a/opened noc': 'sent' });
    aheadMs = 25 * HOUR_MS;
    await later.forgetQuietly();
    expect(await states()).toEqual({});
  });

  it('loses nothing to kills: what was taken before is not sent again, what was under way comes under its old id', async () => {
    const total = 40;
    const acknowledged = new Set<string>();
    const repeated: string[] = [];
    let child: ChildProcess | undefined;
    let killAt = 0;
    web.answer = (response) => {
      const id = web.ids().at(-1) ?? '';
      if (acknowledged.has(id)) repeated.push(id);
      if (web.requests.length === killAt) {
        child?.kill('SIGKILL');
        return;
      }
      acknowledged.add(id);
      status(204)(response);
    };
    for (const at of [7, 23, Infinity]) {
      killAt = at;
      const command = ['--import', fixture('run-typescript.mjs'), fixture('notices-process.ts')];
      child = spawn(process.execPath, [...command, database.url, web.url(), secretFile, String(total)], { stdio: 'inherit' });
      const ended = once(child, 'exit');
      if (at === Infinity) {
        await until('all are sent', async () => (await allAre('sent')) && acknowledged.size === total);
        child.kill('SIGKILL');
      }
      await ended;
    }
    expect([...acknowledged].sort()).toEqual(ids(...Array.from({ length: total }, (_one, index) => String(index))).sort());
    // an answer that the killed process had no time to write down: at most one for each kill
    expect(repeated.length).toBeLessThanOrEqual(2);
    const { rows } = await pool.query<{ notices: number }>('SELECT count(*)::int AS notices FROM notice');
    expect(rows).toEqual([{ notices: total }]);
  });

  it('shows the secret nowhere in the database', async () => {
    web.answer = (response) => response.writeHead(500, { 'x-echo': 'CANARY-0123456789abcdef' }).end('CANARY-0123456789abcdef');
    const service = start();
    service.take(opened('a'));
    await until('tried', () => web.requests.length >= 2);
    const { rows } = await pool.query('SELECT notice::text, notice_delivery::text AS delivery FROM notice, notice_delivery');
    expect(JSON.stringify([rows, await service.list({ limit: 5 }), service.receivers()])).not.toContain('CANARY');
  });
});
