import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AUTHORITY } from '../../net/testing/certificates.js';
import { MailServer } from '../testing/mail-server.js';
import { noticeWith, storedNotice } from '../testing/notice.js';
import { MailReceiver } from './mail-receiver.js';
import { renderMail } from './render.js';

const CANARY = 'CANARY-0123456789abcdef';
const LIST = { name: 'duty', to: ['truc@example.vn', 'lanh-dao@example.vn'], events: [], digestMinutes: 60 };

describe(MailReceiver, () => {
  let server: MailServer;
  let directory: string;
  let caFile: string;
  let passwordFile: string;

  beforeEach(async () => {
    server = await MailServer.start();
    directory = mkdtempSync(join(tmpdir(), 'mail-'));
    caFile = join(directory, 'ca.pem');
    passwordFile = join(directory, 'password');
    writeFileSync(caFile, AUTHORITY);
    writeFileSync(passwordFile, `${CANARY}\n`);
  });
  afterEach(async () => {
    await server.stop();
    rmSync(directory, { recursive: true });
  });

  type Encryption = 'none' | 'starttls' | 'tls';
  const settings = (encryption: Encryption, more = {}) => ({
    server: { host: '127.0.0.1', port: server.port, encryption, ...more },
    from: 'monitor@example.vn',
  });
  const account = () => ({ caFile, user: 'watch', passwordFile });
  const send = (given = settings('none'), notices = [storedNotice()], digest = false, limitMs = 10_000) =>
    new MailReceiver(given, LIST, false).send(notices, digest, AbortSignal.timeout(limitMs));

  it('tells everybody on the list, Vietnamese first, as text and as HTML', async () => {
    expect(await send()).toEqual({ ok: true });
    const [mail] = server.mails;
    expect(mail).toMatchObject({ from: 'monitor@example.vn', to: LIST.to, tls: false });
    expect(mail?.header('Subject')).toBe('[Thông Suốt] Sự cố nhà mạng VNPT / Incident: carrier VNPT');
    expect(mail?.header('Auto-Submitted')).toBe('auto-generated');
    expect(mail?.text.trim()).toBe(
      [
        ...['Sự cố nhà mạng VNPT', '08:12 22/11/2026', '12 điểm cầu mất kết nối', '', '--------', ''],
        ...['Incident: carrier VNPT', '08:12 22/11/2026', '12 sites down'],
      ].join('\n'),
    );
    expect(mail?.html).toContain('<div lang="vi"><p><strong>Sự cố nhà mạng VNPT</strong><br>08:12 22/11/2026<br>12 điểm cầu');
  });

  it('has the same Message-ID at every attempt, so that one that was taken twice is seen once', async () => {
    for (const notice of [storedNotice(), storedNotice(), storedNotice({ key: 'other' })]) await send(settings('none'), [notice]);
    const [first, second, other] = server.mails.map((mail) => mail.header('Message-ID'));
    expect(first).toBe(`<${storedNotice().id}.duty@example.vn>`);
    expect([second, other]).toEqual([first, expect.not.stringContaining(storedNotice().id)]);
  });

  it('lists what a digest gathers', async () => {
    const notices = ['a', 'b'].map((key) => storedNotice({ key, title: { vi: `Việc ${key}`, en: `Thing ${key}` } }));
    await send(settings('none'), notices, true);
    const [mail] = server.mails;
    expect(mail?.header('Subject')).toBe('[Thông Suốt] Bản tin tổng hợp: 2 thông báo / Digest: 2 notices');
    expect(mail?.text).toMatch(/Việc a[^]*Việc b[^]*--------[^]*Thing a[^]*Thing b/);
  });

  it('logs in over STARTTLS with a certificate that it trusts', async () => {
    expect(await send(settings('starttls', account()))).toEqual({ ok: true });
    expect(server.logins).toEqual([{ user: 'watch', password: CANARY }]);
    expect(server.mails[0]).toMatchObject({ tls: true });
  });

  it('speaks TLS from the first byte where it is told to', async () => {
    await server.stop();
    server = await MailServer.start({ secure: true });
    expect(await send(settings('tls', account()))).toEqual({ ok: true });
    expect(server.mails[0]).toMatchObject({ tls: true });
  });

  it.each<[string, object]>([
    ['a certificate that it does not trust', { caFile: undefined }],
    ['no STARTTLS', {}],
  ])('gives no password to a server with %s', async (what, more) => {
    if (what === 'no STARTTLS') {
      await server.stop();
      server = await MailServer.start({ disabledCommands: ['STARTTLS'], allowInsecureAuth: true });
    }
    const attempt = await send(settings('starttls', { ...account(), ...more }));
    expect(attempt).toMatchObject({ ok: false, fault: 'receiver' });
    expect(server.logins).toEqual([]);
    expect(server.mails).toEqual([]);
  });

  it('never tells the password, not even when the server repeats it', async () => {
    await server.stop();
    const spellings = [CANARY, Buffer.from(CANARY).toString('base64'), Buffer.from(`\0watch\0${CANARY}`).toString('base64')];
    server = await MailServer.start({
      onAuth: (_auth, _session, callback) => callback(new Error(`wrong: ${spellings.join(' ')}\r\nX: y`)),
    });
    const attempt = await send(settings('starttls', account()));
    expect(attempt).toMatchObject({ ok: false, fault: 'receiver', error: expect.stringMatching(/wrong: \*\*\*/) });
    for (const spelling of spellings) expect(JSON.stringify(attempt)).not.toContain(spelling);
    expect(JSON.stringify(attempt)).not.toMatch(/\\r|\\n/);
  });

  it.each<[number, string]>([
    [550, 'notice'],
    [451, 'receiver'],
  ])('takes the answer %i to every recipient as about the %s', async (responseCode, fault) => {
    await server.stop();
    server = await MailServer.start({
      onRcptTo: (_address, _session, callback) => callback(Object.assign(new Error('not for me'), { responseCode })),
    });
    expect(await send()).toMatchObject({ ok: false, fault, error: expect.stringContaining('not for me') });
  });

  describe('with a server that', () => {
    let bad: Server;
    const sockets: Socket[] = [];
    afterEach(() => {
      for (const socket of sockets.splice(0)) socket.destroy();
      bad.close();
    });
    const listen = async (behave: (socket: Socket) => void): Promise<ReturnType<typeof settings>> => {
      bad = createServer((socket) => {
        sockets.push(socket.on('error', () => undefined));
        behave(socket);
      });
      await new Promise<void>((resolve) => bad.listen(0, '127.0.0.1', resolve));
      return { ...settings('none'), server: { ...settings('none').server, port: (bad.address() as { port: number }).port } };
    };

    it.each<[string, (socket: Socket) => void, RegExp]>([
      ['says nothing', () => undefined, /^no answer in time$/],
      [
        'says a byte now and then',
        (socket) => {
          const drip = setInterval(() => socket.write('2'), 20);
          socket.on('close', () => clearInterval(drip));
        },
        /^no answer in time$/,
      ],
      ['resets', (socket) => socket.resetAndDestroy(), /./],
      ['is none', (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'), /./],
      ['never stops talking', (socket) => socket.write('220-' + 'x'.repeat(3_000_000)), /./],
    ])('%s, the attempt ends', async (_what, behave, error) => {
      const attempt = await send(await listen(behave), [storedNotice()], false, 300);
      expect(attempt).toMatchObject({ ok: false, fault: 'receiver', error: expect.stringMatching(error) });
      expect(JSON.stringify(attempt).length).toBeLessThan(500);
    });
  });
});

describe(renderMail, () => {
  it('lets no name become markup or a header', () => {
    const hostile = `<script>alert("1")</script>'&\r\nBcc: x@evil.example`;
    const mail = renderMail(
      [noticeWith({ title: { vi: hostile, en: hostile }, lines: [{ vi: hostile, en: hostile }] })],
      false,
      false,
    );
    expect(mail.html).not.toMatch(/<script|"1"/);
    expect(mail.html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;');
    expect(mail.subject).not.toMatch(/[\r\n]/);
  });

  it('says in both languages that the data is simulated', () => {
    const { subject, text, html } = renderMail([noticeWith()], false, true);
    expect(subject).toBe('[Thông Suốt] [DỮ LIỆU MÔ PHỎNG / simulated data] Sự cố nhà mạng VNPT / Incident: carrier VNPT');
    for (const shown of [text, html]) expect(shown).toMatch(/DỮ LIỆU MÔ PHỎNG[^]*simulated data/);
  });
});
