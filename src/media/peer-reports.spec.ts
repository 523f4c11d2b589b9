import type { ReportBlock } from '../protocols/rtp/rtcp.js';
import { PeerReports } from './peer-reports.js';

const FIRST = 1000;
const SENT = 500;
const NOW = 0x0010_0000;
const block = (part: Partial<ReportBlock>): ReportBlock => ({
  ...{ ssrc: 1, fractionLost: 0, cumulativeLost: 0, highestSequence: FIRST, jitter: 0, lsr: 0, dlsr: 0 },
  ...part,
});
function factsOf(...blocks: Partial<ReportBlock>[]) {
  const reports = new PeerReports(FIRST, 8000);
  for (const [i, one] of blocks.entries()) {
    reports.noteRtcp(1_700);
    reports.noteBlock(block(one), NOW, 100 + i * 50);
  }
  return reports.facts(SENT);
}

describe(PeerReports.name, () => {
  it('proves nothing without a report, though RTCP came', () => {
    const reports = new PeerReports(FIRST, 8000, 1_000);
    reports.noteRtcp(1_200);
    reports.noteRtcp(1_700);
    expect(reports.facts(SENT)).toEqual({ rtcpReceived: 2, lastRtcpAfterMs: 700, reports: 0, advancing: false });
  });

  it.each([
    ['a single report above our first', [FIRST + 50], true],
    ['two that rise', [FIRST + 50, FIRST + 100], true],
    ['two that stand still', [FIRST + 50, FIRST + 50], false],
    ['a report of our first alone', [FIRST], false],
    ['a report below our first', [FIRST - 1], false],
    ['a report of nothing', [0], false],
    ['our last', [FIRST + SENT - 1], true],
    ['more than we ever sent', [FIRST + SENT], false],
    ['wraps counted by the peer', [0x3_0000 + FIRST + 50, 0x3_0000 + FIRST + 60], true],
  ])('%s: advancing %s', (_title, highest, advancing) => {
    expect(factsOf(...highest.map((highestSequence) => ({ highestSequence }))).advancing).toBe(advancing);
  });

  it('does not hold two equal reports against us when we paused between them', () => {
    const reports = new PeerReports(FIRST, 8000);
    for (const numbered of [100, 110]) reports.noteBlock(block({ highestSequence: FIRST + 99 }), NOW, numbered);
    expect(reports.facts(SENT).advancing).toBe(true);
    reports.noteBlock(block({ highestSequence: FIRST + 99 }), NOW, 200);
    expect(reports.facts(SENT).advancing).toBe(false);
  });

  it.each([
    ['a tenth', 10, 0.1],
    ['duplicates', -5, 0],
    ['more than all', 5000, 1],
  ])('gives the loss of %s', (_title, cumulativeLost, lossRatio) => {
    expect(factsOf({ highestSequence: FIRST + 99, cumulativeLost }).lossRatio).toBe(lossRatio);
  });

  it('gives no loss where nothing was heard', () => {
    expect(factsOf({ highestSequence: FIRST, cumulativeLost: 3 })).not.toHaveProperty('lossRatio');
  });

  it('gives the jitter of the last report in milliseconds', () => {
    expect(factsOf({ jitter: 4000 }, { jitter: 80 }).jitterMs).toBe(10);
  });

  it('keeps the least round trip and ignores what cannot be one', () => {
    const ago = (ms: number) => ({ lsr: NOW - (ms * 65_536) / 1000 });
    expect(factsOf(ago(125), ago(62.5), ago(250), { lsr: 0 }, { lsr: NOW + 5000 }).rttMs).toBe(62.5);
    expect(factsOf({ lsr: 0 })).not.toHaveProperty('rttMs');
  });
});
