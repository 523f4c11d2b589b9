import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AppConfig, ConfigError, loadConfig } from '../config/app-config.js';
import { exceptionsForNobody, settingsFor } from './exceptions.js';
import { endpointOf } from './testing/endpoint.js';

let cwd: string;
beforeEach(() => (cwd = mkdtempSync(join(tmpdir(), 'exceptions-'))));
afterEach(() => rmSync(cwd, { recursive: true }));

function configOf(yaml: string): AppConfig {
  writeFileSync(join(cwd, 'settings.yml'), yaml);
  return loadConfig({ env: { CONFIG: 'settings.yml' }, cwd });
}

describe(settingsFor.name, () => {
  it('gives an endpoint what its model, its site and its own line ask for, the later over the earlier', () => {
    const config = configOf(`
probes: { sip-call: { options: { holdS: 7, user: all, passwordFile: all.txt } } }
exceptions:
  - { for: { models: 'polycom*group*' }, probes: { sip-call: { options: { encryption: require }, intervalSeconds: 3600 } } }
  - { for: { sites: ['04792', '04795'], tiers: ward }, probes: { sip-call: { options: { holdS: 8, user: one, passwordEnv: SIP_PASSWORD_ONE } } } }
  - { for: { endpoints: 04795-1 }, probes: { tcp: { enabled: false } } }
`);
    expect(settingsFor(endpointOf({ model: 'Polycom RealPresence Group 500' }), 'sip-call', config)).toEqual({
      enabled: true,
      intervalSeconds: 3600,
      options: { holdS: 8, encryption: 'require', user: 'one', passwordEnv: 'SIP_PASSWORD_ONE' },
    });
    expect(settingsFor(endpointOf({ model: 'TE40', siteCode: '1', tier: 'ward' }), 'sip-call', config).options).toEqual({
      holdS: 7,
      user: 'all',
      passwordFile: join(cwd, 'all.txt'),
    });
    expect(settingsFor(endpointOf({ id: '04795-1' }), 'tcp', config).enabled).toBe(false);
    expect(settingsFor(endpointOf({ model: 'Polycom RealPresence Group 500' }), 'tcp', config).enabled).toBe(true);
  });

  it.each([
    ['*', 'anything', true],
    ['TE*', 'te40', true],
    ['TE*', 'Cisco TE', false],
    ['*500', 'Group 500', true],
    ['a*a', 'a', false],
    ['a*b*c', 'axxbyyc', true],
    ['a*b*c', 'axxcyyb', false],
    ['hòa bình', 'Hòa Bình', true],
    ['Group', 'Group 500', false],
  ])('takes %s for %s: %s', (pattern, model, fits) => {
    const config = configOf(
      `exceptions: [{ for: { models: ${JSON.stringify(pattern)} }, probes: { icmp: { enabled: false } } }]`,
    );
    expect(settingsFor(endpointOf({ model }), 'icmp', config).enabled).toBe(!fits);
  });

  it('makes paths of an exception absolute', () => {
    const config = configOf(`exceptions: [{ for: { models: '*' }, probes: { sip-call: { options: { caFile: ca.pem } } } }]`);
    expect(settingsFor(endpointOf({ model: 'Polycom RealPresence Group 500' }), 'sip-call', config).options).toEqual({
      caFile: join(cwd, 'ca.pem'),
    });
  });

  it.each([
    ['exceptions: [{ for: {}, probes: {} }]', /exceptions\.0\.for: .*at least one of endpoints/],
    ['exceptions: [{ for: { model: x }, probes: {} }]', /exceptions\.0\.for\.model: unknown key/],
    [
      'exceptions: [{ for: { models: x }, probes: { sip-call: { options: { user: x } } } }]',
      /exceptions\.0\.probes\.sip-call\.options/,
    ],
    ['exceptions: [{ for: { models: x }, probes: { sip-call: { concurrency: 9 } } }]', /concurrency: unknown key/],
  ])('refuses %s by name', (yaml, message) => {
    expect(() => configOf(yaml)).toThrow(ConfigError);
    expect(() => configOf(yaml)).toThrow(message);
  });
});

describe(exceptionsForNobody.name, () => {
  it('finds the mistyped name', () => {
    const { exceptions } = configOf(`
exceptions:
  - { for: { carriers: VNPT }, probes: {} }
  - { for: { carriers: VMPT }, probes: {} }`);
    expect(exceptionsForNobody([endpointOf({ model: 'Polycom RealPresence Group 500' })], exceptions)).toEqual([1]);
  });
});
