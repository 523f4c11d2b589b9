import type { CheckpointView } from './api-types.js';
import { checkpointMark, checkpointSentence } from './checkpoint-words.js';

const NOW_MS = Date.parse('2026-11-23T00:20:00Z');
const checkpoint = (part: Partial<CheckpointView>): CheckpointView => ({
  ...{
    checkpoint: 'PT30M',
    state: 'planned',
    suite: 'full',
    plannedAt: '2026-11-23T00:30:00Z',
    startsAt: '2026-11-23T00:30:00Z',
  },
  ...{
    predictedFinish: '2026-11-23T00:34:00Z',
    finishBy: '2026-11-23T00:50:00Z',
    canFinish: true,
    finishedAt: null,
    late: false,
  },
  ...{ coveredBy: null, total: 600, done: 0, passed: 0, failed: 0, called: 0, verdict: null, counts: null },
  ...part,
});
const said = (part: Partial<CheckpointView>): string => checkpointSentence(checkpoint(part), NOW_MS);

it('tells of each what was done, or will be, in the time of Hà Nội', () => {
  expect(said({})).toBe('Sẽ chạy lúc 07:30, dự kiến xong 07:34 (600 phép thử).');
  expect(said({ state: 'running', done: 300, passed: 290, failed: 10 })).toBe(
    'Đang chạy từ 07:30: 300/600, 290 đạt, 10 không đạt; dự kiến xong 07:34.',
  );
  expect(said({ state: 'done', finishedAt: '2026-11-23T00:36:00Z', passed: 590, failed: 10, late: true })).toBe(
    'Xong lúc 07:36 (dự kiến 07:34): 590/600 đạt, 10 không đạt. Bắt đầu muộn.',
  );
  expect(said({ state: 'missed', late: true })).toBe('Bỏ lỡ, không có lượt nào chạy thay.');
  expect(said({ state: 'missed', late: true, coveredBy: 'PT10M' })).toBe('Bỏ lỡ; lượt trước 10 phút đã chạy bù.');
});

it('glows when it cannot be done in time, while something can be done about it', () => {
  expect(said({ canFinish: false })).toContain('Không kịp xong trước 07:50');
  expect(checkpointMark(checkpoint({ canFinish: false, state: 'running' }))).toBe('trouble');
  expect(checkpointMark(checkpoint({ canFinish: false, state: 'done' }))).toBe('done');
});
