import { signal } from '@preact/signals';
import type { EndpointView } from '../../live/feed-events.js';
import { locale } from '../i18n/index.js';
import { SiteModel } from '../state/site-model.js';
import { endpoint } from '../testing/endpoint.js';
import { changeSentence, reasonSentence, siteSentence, tileAge, tileLabel } from './sentences.js';

const now = Date.parse('2026-11-23T00:10:00Z');
const site = (...parts: Parameters<typeof endpoint>[0][]): SiteModel => {
  const [main, ...others] = parts.map((part) => signal(endpoint({ siteName: 'Xã Tây Cốc', ...part })));
  if (!main) throw new Error('a site needs an endpoint');
  return new SiteModel('08152', [main, ...others]);
};

describe('sentences', () => {
  afterEach(() => {
    locale.value = 'vi';
  });

  it('say what is wrong, with the figures that are', () => {
    const view = endpoint({ id: 'a', state: 'degraded', reason: 'poor-quality', lossRatio: 0.0324, rttMs: 412.4, mos: 4.1 });
    expect(reasonSentence(view)).toBe('Tiếng hoặc hình kém: mất gói 3,2 %, trễ 412 ms');
    locale.value = 'en';
    expect(reasonSentence(view)).toBe('Poor sound or picture: packet loss 3.2 %, round trip 412 ms');
  });

  it('name the signals that are missing rather than the code', () => {
    const flowing = { audioIn: 'flowing', videoIn: 'flowing', audioOut: 'flowing', videoOut: 'flowing' } as const;
    const told = (reason: 'one-way-in' | 'one-way-out', absent: Partial<EndpointView['signals']>): string =>
      reasonSentence(endpoint({ id: 'a', state: 'down', reason, signals: { ...flowing, ...absent } }));
    expect(told('one-way-out', { audioIn: 'absent', videoIn: 'absent' })).toBe('Gọi được, không có tiếng và hình về (một chiều)');
    expect(told('one-way-in', { audioOut: 'absent', videoOut: 'absent' })).toBe(
      'Gọi được, không có tiếng và hình đi (một chiều)',
    );
    expect(told('one-way-in', { videoOut: 'absent' })).toBe('Gọi được, không có hình đi (một chiều)');
    expect(told('one-way-out', { audioIn: 'absent', videoIn: 'absent', videoOut: 'absent' })).toBe(
      'Gọi được, không có tiếng và hình về, hình đi',
    );
    expect(told('one-way-out', {})).toBe('Gọi được, không có tiếng hoặc hình về (một chiều)');
  });

  it('do not miss the picture of a room that meets by sound', () => {
    const needs = ['audioOut', 'audioIn'] as const;
    const signals = { audioIn: 'flowing', videoIn: 'absent', audioOut: 'flowing', videoOut: 'absent' } as const;
    const ready = site({ id: 'a', state: 'ready', reason: 'ok', needs, signals });
    expect(tileLabel(ready, now)).toBe('Tây Cốc: Sẵn sàng. Tiếng thông suốt hai chiều. Tiếng về: tốt, tiếng đi: tốt.');
    const mute = endpoint({ id: 'a', state: 'down', reason: 'one-way-out', needs, signals: { ...signals, audioIn: 'absent' } });
    expect(reasonSentence(mute)).toBe('Gọi được, không có tiếng về (một chiều)');
    locale.value = 'en';
    expect(siteSentence(ready)).toBe('Sound flows in both directions');
  });

  it('fall back to the state when the reason explains nothing', () => {
    expect(reasonSentence(endpoint({ id: 'a', state: 'untested', reason: 'ok' }))).toBe('Chưa gọi thử lần nào');
    expect(reasonSentence(endpoint({ id: 'a', state: 'unknown', reason: null }))).toMatch(/^Không có kết quả mới/);
  });

  it('do not hide that a backup stands in', () => {
    const backed = site({ id: 'a', state: 'down', reason: 'no-answer' }, { id: 'b', ordinal: 2, state: 'ready', reason: 'ok' });
    expect(siteSentence(backed)).toContain('qua thiết bị dự phòng, thiết bị chính: mất kết nối');
  });

  it('name a tile by site, word, time, sentence and signals', () => {
    const down = site({ id: 'a', state: 'down', reason: 'no-media', since: '2026-11-23T00:02:00Z' });
    expect(tileLabel(down, now)).toBe(
      'Tây Cốc: Mất kết nối, từ 07:02. Gọi được, không có tiếng và hình ở cả hai chiều. ' +
        'Hình về: chưa rõ, tiếng về: chưa rõ, hình đi: chưa rõ, tiếng đi: chưa rõ.',
    );
  });

  it('tell of a recovery', () => {
    const change = { atMs: 0, siteCode: 'a', siteName: 'A', reason: 'ok' } as const;
    expect(changeSentence({ ...change, from: 'down', to: 'ready' })).toBe('sẵn sàng trở lại');
    expect(changeSentence({ ...change, from: 'untested', to: 'ready' })).toBe('sẵn sàng');
  });
});

describe(tileAge.name, () => {
  it('shows how long a site is not ready', () => {
    expect(tileAge(endpoint({ id: 'a', state: 'down', since: '2026-11-23T00:02:00Z' }), now)).toBe('8p');
    expect(tileAge(endpoint({ id: 'a', state: 'down', since: '2026-11-23T00:09:30Z' }), now)).toBe('mới');
  });

  it('is silent about a ready site until its proof grows old', () => {
    expect(tileAge(endpoint({ id: 'a', state: 'ready', mediaCheckedAt: '2026-11-22T23:55:00Z' }), now)).toBe('');
    expect(tileAge(endpoint({ id: 'a', state: 'ready', mediaCheckedAt: '2026-11-22T23:40:00Z' }), now)).toBe('30p');
  });
});
