import { CATALOGUE } from './catalogue.js';

describe('metric catalogue', () => {
  it.each(Object.entries(CATALOGUE))('%s is named as Prometheus asks', (name, { type, help, labels }) => {
    expect(name).toMatch(/^vc_[a-z]+(_[a-z]+)*$/);
    expect(name.endsWith('_total')).toBe(type === 'counter');
    expect(name).not.toMatch(/_(ms|milliseconds|percent|minutes)$/);
    expect(help).not.toBe('');
    for (const label of labels) expect(label).not.toMatch(/address|title|uri|error/);
  });
});
