import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpReceiver, status } from '../testing/http-receiver.js';
import { storedNotice } from '../testing/notice.js';
import { webhookSignature } from './signature.js';
import { WebhookReceiver } from './webhook-receiver.js';

const CANARY = 'CANARY-0123456789abcdef';

describe(webhookSignature, () => {
  it('gives what the Standard Webhooks libraries expect', () => {
    // the example of the specification's reference libraries
    const args = ['msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330, '{"test": 2432232314}'] as const;
    expect(webhookSignature('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', ...args)).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });

  it('differs with every part', () => {
    const of = (secret: string, id: string, at: number, body: string) => webhookSignature(secret, id, at, body);
    const all = [of('s', 'i', 1, 'b'), of('t', 'i', 1, 'b'), of('s', 'j', 1, 'b'), of('s', 'i', 2, 'b'), of('s', 'i', 1, 'c')];
    expect(new Set(all).size).toBe(5);
  });
});

describe(WebhookReceiver, () => {
  let server: HttpReceiver;
  let directory: string;
  let secretFile: string;

  beforeEach(async () => {
    server = await HttpReceiver.start();
    directory = mkdtempSync(join(tmpdir(), 'webhook-'));
    secretFile = join(directory, 'secret');
    writeFileSync(secretFile, `${CANARY}\n`);
  });
  afterEach(async () => {
    await server.stop();
    rmSync(directory, { recursive: true });
  });

  const receiver = (url = server.url(), simulated = false) =>
    new WebhookReceiver({ name: 'noc', url, secretFile, events: ['incident.opened'] }, simulated, {
      wallMs: () => 1_764_000_000_000,
    });
  const send = (one = receiver(), limitMs = 5_000) => one.send([storedNotice()], false, AbortSignal.timeout(limitMs));

  it('sends what can be checked with the secret, and is content with any 2xx', async () => {
    expect(await send()).toEqual({ ok: true });
    const [request] = server.requests;
    const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = request?.headers ?? {};
    const expected = createHmac('sha256', CANARY)
      .update(`${String(id)}.${String(at)}.${request?.body}`)
      .digest('base64');
    expect(signature).toBe(`v1,${expected}`);
    expect(at).toBe('1764000000');
    expect(JSON.parse(request?.body ?? '')).toEqual({
      id: storedNotice().id,
      type: 'incident.opened',
      at: '2026-11-22T01:12:00.000Z',
      subject: 'incident/7',
      simulated: false,
      title: { vi: 'Sự cố nhà mạng VNPT', en: 'Incident: carrier VNPT' },
      lines: [{ vi: '12 điểm cầu mất kết nối', en: '12 sites down' }],
      incident: { id: '7', sites: ['04792'] },
    });
    expect(JSON.stringify(server.requests)).not.toContain(CANARY);
  });

  it('says in simulation that it is one', async () => {
    await send(receiver(server.url(), true));
    expect(JSON.parse(server.requests[0]?.body ?? '')).toMatchObject({ simulated: true });
  });

  it.each([
    [500, 'receiver'],
    [401, 'receiver'],
    [404, 'receiver'],
    [429, 'receiver'],
    [400, 'notice'],
    [413, 'notice'],
    [422, 'notice'],
  ])('takes status %i as about the %s', async (code, fault) => {
    server.answer = status(code);
    expect(await send()).toEqual({ ok: false, fault, error: `status ${code}` });
  });

  it('waits as long as the receiver asks', async () => {
    server.answer = status(503, { 'retry-after': '120' });
    expect(await send()).toEqual({ ok: false, fault: 'receiver', error: 'status 503', retryAfterMs: 120_000 });
    server.answer = status(503, { 'retry-after': 'Fri, 31 Dec 2027 23:59:59 GMT' });
    expect(await send()).toEqual({ ok: false, fault: 'receiver', error: 'status 503' });
  });

  it.each([301, 302, 307, 308])('follows no redirect (%i): nobody else says where we send', async (code) => {
    const elsewhere = await HttpReceiver.start();
    server.answer = status(code, { location: elsewhere.url() });
    expect(await send()).toEqual({ ok: false, fault: 'receiver', error: `status ${code}: a redirect is not followed` });
    expect(elsewhere.requests).toEqual([]);
    await elsewhere.stop();
  });

  it('reads no body, however long', async () => {
    let closed: Promise<void> | undefined;
    server.answer = (response) => {
      closed = new Promise((resolve) => response.once('close', resolve));
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', more);
      more();
    };
    expect(await send()).toEqual({ ok: true });
    // it only ends when we hang up
    await closed;
  });

  it.each<[string, (one: HttpReceiver) => void]>([
    ['says nothing', (one) => (one.answer = () => undefined)],
    [
      'begins an answer that never ends',
      (one) =>
        (one.answer = (response) => {
          response.socket?.write('HTTP/1.1 200 OK\r\nX-Slow: ');
        }),
    ],
  ])('ends the attempt with a receiver that %s', async (_what, misbehave) => {
    misbehave(server);
    expect(await send(receiver(), 150)).toEqual({ ok: false, fault: 'receiver', error: 'no answer in time' });
  });

  it('tells of a reset, a closed port and nonsense in one line, never of the URL', async () => {
    server.answer = (response) => response.socket?.resetAndDestroy();
    expect(await send(receiver(server.url(`/${CANARY}`)))).toEqual({
      ok: false,
      fault: 'receiver',
      error: expect.stringMatching(/^socket hang up|ECONNRESET/),
    });
    server.answer = (response) => response.socket?.end(`\u0007SSH-2.0-${CANARY}\r\n\r\n`);
    const nonsense = await send(receiver(server.url(`/${CANARY}`)));
    expect(nonsense).toMatchObject({ ok: false, fault: 'receiver', error: expect.stringMatching(/Parse Error/) });
    const port = server.port;
    await server.stop();
    const closed = await send(receiver(`http://127.0.0.1:${port}/${CANARY}`));
    expect(closed).toMatchObject({ ok: false, fault: 'receiver', error: expect.stringMatching(/ECONNREFUSED/) });
    expect(JSON.stringify([nonsense, closed])).not.toContain(CANARY);
    server = await HttpReceiver.start();
  });

  it('ends at once when the daemon stops', async () => {
    const stopping = new AbortController();
    server.answer = () => stopping.abort();
    expect(await receiver().send([storedNotice()], false, stopping.signal)).toEqual({
      ok: false,
      fault: 'receiver',
      error: 'stopped',
    });
  });

  it('sends nothing without its secret, and says only what is missing', async () => {
    rmSync(secretFile);
    expect(await send()).toEqual({ ok: false, fault: 'receiver', error: 'the secret file cannot be read (ENOENT)' });
    writeFileSync(secretFile, '\n');
    expect(await send()).toEqual({ ok: false, fault: 'receiver', error: 'the first line of the secret file is empty' });
    const other = new WebhookReceiver({ name: 'noc', url: server.url(), secretEnv: 'NOTICE_SECRET_UNSET', events: [] }, false);
    expect(await send(other)).toEqual({
      ok: false,
      fault: 'receiver',
      error: 'the environment variable NOTICE_SECRET_UNSET is not set',
    });
    expect(server.requests).toEqual([]);
  });
});
