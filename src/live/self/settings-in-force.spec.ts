import type { AppConfig } from '../../config/app-config.js';
import { configSchema } from '../../config/config-schema.js';
import { settingsInForce } from './settings-in-force.js';

const config = (part: object): AppConfig => ({ ...configSchema.parse({}), ...part });

it('shows defaults as well as what was set', () => {
  const shown = new Map(settingsInForce(config({ vantage: 'tỉnh' })).map(({ name, value }) => [name, value]));
  expect(shown.get('vantage')).toBe('tỉnh');
  expect(shown.get('probes.icmp.intervalSeconds')).toBe('30');
  expect(shown.get('http.port')).toBe('8080');
});

it('shows no secret, wherever it stands', () => {
  const SECRET = 'hunter2';
  const hidden = config({
    databaseUrl: `postgres://core:${SECRET}@db/monitor`,
    notices: { webhooks: [{ url: `https://x/${SECRET}` }] },
    exceptions: [{ for: {}, probes: { 'sip-call': { options: { user: SECRET } } } }],
    probes: {
      'sip-call': { options: { user: SECRET, passwordFile: SECRET, passwordEnv: SECRET, nested: { apiToken: SECRET } } },
    },
    quietHours: [{ note: SECRET }],
  });
  expect(JSON.stringify(settingsInForce(hidden))).not.toContain(SECRET);
});
