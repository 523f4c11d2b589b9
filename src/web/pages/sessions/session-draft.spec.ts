import { sessionOf } from '../../testing/session.js';
import { addDays, dayOf, fromLocalInput, toLocalInput } from './local-time.js';
import { bodyOf, draftOf, draftProblems, fieldErrors, newDraft, withCheckpoint, withStart } from './session-draft.js';

describe('local time', () => {
  it('is that of Hà Nội', () => {
    expect(toLocalInput('2026-11-22T23:30:00Z')).toBe('2026-11-23T06:30');
    expect(fromLocalInput('2026-11-23T06:30')).toBe('2026-11-23T06:30:00+07:00');
    expect([fromLocalInput(''), fromLocalInput('2026-13-40T06:30')]).toEqual([null, null]);
    expect(dayOf(Date.parse('2026-11-22T17:00:00Z'))).toBe('2026-11-23');
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  });
});

const BEFORE_MS = Date.parse('2026-11-22T20:00:00Z');

describe('draft', () => {
  it('of a new session begins at 8, or with an hour that is still to come', () => {
    expect(newDraft('2026-11-23', BEFORE_MS)).toMatchObject({ startsAt: '2026-11-23T08:00', connectBy: '2026-11-23T07:30' });
    expect(newDraft('2026-11-23', Date.parse('2026-11-23T02:58:00Z'))).toMatchObject({
      ...{ startsAt: '2026-11-23T11:00', endsAt: '2026-11-23T14:30', connectBy: '2026-11-23T10:30' },
    });
  });

  it('of a session gives the same session back', () => {
    const session = sessionOf({
      ...{ id: 's', title: 'Họp', host: 'UBND', invitationNumber: '412', connectBy: '2026-11-23T00:30:00.000Z', rehearsal: true },
      ...{ participants: { tiers: ['ward'], except: ['1'], optional: ['2'] }, counterparts: ['9'], need: 'audio' as const },
    });
    expect(bodyOf(draftOf(session), 'An')).toEqual({
      ...{ title: 'Họp', host: 'UBND', invitationNumber: '412', by: 'An', rehearsal: true, need: 'audio', counterparts: ['9'] },
      ...{ startsAt: '2026-11-23T08:00:00+07:00', endsAt: '2026-11-23T10:00:00+07:00', connectBy: '2026-11-23T07:30:00+07:00' },
      ...{ participants: { all: false, tiers: ['ward'], except: ['1'], optional: ['2'] }, rule: { mustHave: [] } },
      checkpoints: ['PT30M'],
    });
  });

  it('of a session that names nobody means everybody, and follows the start without a connect time', () => {
    const draft = { ...draftOf(sessionOf({ id: 's' })), connectBy: '' };
    expect(bodyOf(draft, '')).toMatchObject({ participants: { all: true }, connectBy: null });
    expect(bodyOf(draft, '')).not.toHaveProperty('by');
  });

  it('keeps its lists when everybody is chosen in between, and sends them not', () => {
    const draft = { ...newDraft('2026-11-23', BEFORE_MS), areas: ['Hòa Bình'], everybody: true };
    expect(bodyOf(draft, '')).toMatchObject({ participants: { all: true } });
    expect(bodyOf({ ...draft, everybody: false }, '')).toMatchObject({ participants: { all: false, areas: ['Hòa Bình'] } });
  });

  it('is moved as a whole', () => {
    expect(withStart(newDraft('2026-11-23', BEFORE_MS), '2026-11-24T14:00')).toMatchObject({
      ...{ startsAt: '2026-11-24T14:00', endsAt: '2026-11-24T17:30', connectBy: '2026-11-24T13:30' },
    });
    expect(withStart(newDraft('2026-11-23', BEFORE_MS), '')).toMatchObject({ startsAt: '', endsAt: '2026-11-23T11:30' });
  });

  it('tells of contradictions before the server does', () => {
    const draft = newDraft('2026-11-23', BEFORE_MS);
    expect(draftProblems(draft)).toEqual([]);
    expect(draftProblems({ ...draft, endsAt: draft.startsAt, connectBy: '2026-11-23T08:01', everybody: false })).toEqual([
      'endsBeforeStart',
      'connectAfterStart',
      'nobody',
    ]);
  });
});

it('keeps checkpoints longest first', () => {
  expect(withCheckpoint(['PT2H', 'PT10M'], 'PT30M')).toEqual(['PT2H', 'PT30M', 'PT10M']);
  expect(withCheckpoint(['PT2H', 'PT10M'], 'PT2H')).toEqual(['PT10M']);
});

it('reads the field errors of a problem document, and nothing from whatever else', () => {
  const error = { field: 'endsAt', found: 'x', allowed: 'y' };
  expect(fieldErrors({ kind: 'refused', status: 422, detail: '', problem: { errors: [error, 'text', null] } })).toEqual([error]);
  expect(fieldErrors({ kind: 'refused', status: 422, detail: '', problem: { errors: 'no' } })).toEqual([]);
  expect([fieldErrors(null), fieldErrors({ kind: 'unreachable' })]).toEqual([[], []]);
});
