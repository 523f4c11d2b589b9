import { REASONS } from '../common/reasons.js';
import type { Outcome } from '../probes/contract.js';
import { reportOf } from './probe-report.js';

const outcome: Outcome = {
  runId: 'r',
  endpointId: null,
  kind: 'sip-call',
  vantage: 'cli',
  target: 'sip:room1@10.1.2.3',
  startedAt: '2026-11-22T01:00:00.000Z',
  durationMs: 6120,
  result: 'fail',
  reason: 'one-way-in',
  signals: { audioOut: 'absent', audioIn: 'flowing', videoOut: 'unknown', videoIn: 'poor' },
  media: { audioIn: { packets: 300, lossRatio: 0.013, jitterMs: 0.44 } },
  selfLagMs: 0.1,
  setupMs: 41,
  rttMs: 12.34,
  detail: { notes: { audioOut: 'its RTCP does not know our stream' } },
};

describe(reportOf, () => {
  it('should say it in Vietnamese first and in English beside, with the figures that there are', () => {
    expect(reportOf(outcome)).toBe(
      [
        'LỖI / fail: một chiều: nghe thấy họ, họ không nhận được / one way: we receive it, it does not receive us',
        '  sip-call sip:room1@10.1.2.3, 6.1 s',
        '  Tiếng gửi đi / sound to it: mất / absent (its RTCP does not know our stream)',
        '  Tiếng nhận về / sound from it: thông / flowing (300 gói/packets, mất/loss 1.3 %, jitter 0.4 ms)',
        '  Hình gửi đi / picture to it: chưa rõ / unknown',
        '  Hình nhận về / picture from it: kém / poor',
        '  Khứ hồi / round trip: 12.3 ms',
        '  Thiết lập / set-up: 41 ms',
        '',
      ].join('\n'),
    );
  });

  it('should draw the way to where a ping ended, and say how large a packet may be', () => {
    const ping: Outcome = {
      ...outcome,
      kind: 'icmp',
      signals: undefined,
      media: undefined,
      rttMs: undefined,
      setupMs: undefined,
    };
    const hops = [
      { ttl: 1, address: '10.0.0.1', rttMs: 0.42 },
      { ttl: 2, address: null, rttMs: null },
      { ttl: 3, address: '10.9.0.1', rttMs: 7, unreachable: 'host' },
    ];
    const report = reportOf({ ...ping, reason: 'no-answer', detail: { pathMtuBytes: 1400 }, evidence: { trace: hops } });
    expect(report.split('\n').slice(2)).toEqual([
      '  Đường đi / the way there:',
      '    1  10.0.0.1 0.4 ms',
      '    2  *',
      '    3  10.9.0.1 7.0 ms (host)',
      '  Gói lớn nhất đi lọt / path MTU: 1400 bytes',
      '',
    ]);
    expect(reportOf({ ...ping, evidence: { trace: [] } })).toContain('the way there:\n    *\n');
    expect(reportOf(ping)).not.toContain('the way there');
  });

  it.each(REASONS)('should have words for %s', (reason) => {
    expect(reportOf({ ...outcome, reason })).toMatch(/^LỖI \/ fail: \S.+ \/ \S/);
  });
});
