import { configSchema } from '../config/config-schema.js';
import { profileViews } from './thresholds.js';

const settings = configSchema.parse({
  health: {
    thresholds: { jitterMs: 40 },
    profiles: { 'audio-only': { thresholds: { lossRatio: { value: 0.03, source: 'ITU-T G.113' } } } },
  },
});

describe(profileViews.name, () => {
  it('shows every limit with its unit and its source, and how many endpoints are held to it', () => {
    const [room, sound] = profileViews(settings, [
      { profile: 'video-room' },
      { profile: 'audio-only' },
      { profile: 'video-room' },
    ]);
    expect(room).toMatchObject({
      name: 'video-room',
      isDefault: true,
      endpoints: 2,
      needs: ['audioOut', 'audioIn', 'videoOut', 'videoIn'],
      thresholds: {
        lossRatio: { value: 0.01, unit: 'ratio, 0 to 1', source: expect.stringContaining('ITU-T G.1010') as string },
        jitterMs: { value: 40, source: 'settings' },
        mos: { value: 3.6, source: expect.stringContaining('G.107') as string },
      },
    });
    expect(sound).toMatchObject({
      name: 'audio-only',
      isDefault: false,
      endpoints: 1,
      needs: ['audioOut', 'audioIn'],
      thresholds: { lossRatio: { value: 0.03, source: 'ITU-T G.113' }, jitterMs: { value: 40 } },
    });
  });

  it('leaves no figure without a source', () => {
    for (const { thresholds } of profileViews(settings, []))
      for (const { source, unit } of Object.values(thresholds)) expect([source, unit]).not.toContain('');
  });
});
