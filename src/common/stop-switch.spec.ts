import { type StopSignal, StopSwitch } from './stop-switch.js';

describe(StopSwitch, () => {
  it('tells each listener once, in their order, and says so from then on', () => {
    const stop = new StopSwitch();
    const told: string[] = [];
    stop.addEventListener('abort', () => told.push(`first ${stop.aborted}`));
    stop.addEventListener('abort', () => told.push('second'));
    expect(stop.aborted).toBe(false);
    stop.abort();
    stop.abort();
    expect(told).toEqual(['first true', 'second']);
  });

  it('does not tell who has left, also while it tells the others', () => {
    const stop = new StopSwitch();
    const told: string[] = [];
    const gone = (): void => void told.push('gone');
    const leaving = (): void => void told.push('leaving');
    stop.addEventListener('abort', gone);
    stop.addEventListener('abort', () => stop.removeEventListener('abort', leaving));
    stop.addEventListener('abort', leaving);
    stop.addEventListener('abort', () => told.push('last'));
    stop.removeEventListener('abort', gone);
    stop.abort();
    expect(told).toEqual(['last']);
  });

  it('has nothing to tell whoever comes after', () => {
    const stop = new StopSwitch();
    stop.abort();
    stop.addEventListener('abort', () => {
      throw new Error('told');
    });
    stop.abort();
  });

  it('is fitted by an AbortSignal', () => {
    const platform = new AbortController();
    const signal: StopSignal = platform.signal;
    platform.abort();
    expect(signal.aborted).toBe(true);
  });
});
