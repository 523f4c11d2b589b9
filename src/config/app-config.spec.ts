import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_THRESHOLDS } from '../common/quality.js';
import { ConfigError, loadConfig, type AppConfig } from './app-config.js';

describe(loadConfig.name, () => {
  let cwd: string;

  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'config-'));
    mkdirSync(join(cwd, 'config'));
  });
  afterEach(() => rmSync(cwd, { recursive: true }));

  const write = (yaml: string, name = 'config/monitor.yml'): void => writeFileSync(join(cwd, name), yaml);
  const load = (env: Record<string, string> = {}): AppConfig => loadConfig({ env, cwd });
  const problemsOf = (env: Record<string, string> = {}): readonly string[] => {
    try {
      load(env);
    } catch (error) {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    }
    throw new Error('nothing was refused');
  };

  it('fills in every default when there is no file', () => {
    const config = load();
    expect(config).toEqual({
      http: { host: '127.0.0.1', port: 8080 },
      dataDir: join(cwd, 'var'),
      logLevel: 'info',
      vantage: 'province',
      database: {
        poolSize: 10,
        rawRetentionDays: 90,
        hourlyRetentionDays: 730,
        dailyRetentionDays: 3650,
        partitionsAheadDays: 3,
      },
      prober: {
        restartBackoffMs: { min: 500, max: 30_000 },
        orphanStopSeconds: 60,
        firstRoundSeconds: 30,
        spoolHours: 72,
        perArea: { icmp: 32, tcp: 32, 'sip-options': 32, 'h323-ping': 32, 'sip-call': 12, 'h323-call': 12 },
        perCarrier: { icmp: 64, tcp: 64, 'sip-options': 64, 'h323-ping': 64, 'sip-call': 24, 'h323-call': 24 },
        bandwidthKbps: { perArea: 20_000, perCarrier: 100_000, areas: {}, carriers: {} },
      },
      probes: {
        icmp: {
          enabled: true,
          intervalSeconds: 30,
          concurrency: 64,
          options: {},
          packetsPerSecond: 2_000,
          packetsPerSecondPerArea: 500,
        },
        tcp: { enabled: true, intervalSeconds: 60, concurrency: 64, options: {} },
        'sip-options': { enabled: true, intervalSeconds: 60, concurrency: 64, options: {} },
        'h323-ping': { enabled: true, intervalSeconds: 60, concurrency: 64, options: {} },
        'sip-call': { enabled: true, intervalSeconds: 900, concurrency: 24, options: {} },
        'h323-call': { enabled: true, intervalSeconds: 900, concurrency: 24, options: {} },
      },
      bothProtocols: { prefer: 'sip', fallBack: true },
      quietHours: [],
      exceptions: [],
      health: {
        failures: 2,
        ofLast: 3,
        confirmWithinSeconds: 60,
        recoverAfter: 2,
        flapping: { startRatio: 0.2, endRatio: 0.05 },
        unlikeItself: { spreads: 6, leastMs: 50, results: 3 },
        references: [],
        referenceIntervalSeconds: 10,
        overloadLagMs: 500,
        thresholds: DEFAULT_THRESHOLDS,
        profiles: {
          'video-room': { needs: ['audioOut', 'audioIn', 'videoOut', 'videoIn'], thresholds: {} },
          'audio-only': { needs: ['audioOut', 'audioIn'], thresholds: {} },
        },
      },
      live: { deltaIntervalMs: 100, heartbeatMs: 2000 },
      calendars: [],
      notices: {
        giveUpAfterHours: 24,
        keepDays: 90,
        timeoutSeconds: 10,
        settleSeconds: 30,
        backoffSeconds: { min: 5, max: 300 },
        webhooks: [],
      },
      simulation: {
        mode: 'auto',
        faultsFile: join(cwd, 'config/lab-faults.yml'),
        intervalSeconds: { icmp: 10, tcp: 30, 'sip-options': 30, 'h323-ping': 30, 'sip-call': 60, 'h323-call': 60 },
      },
    });
  });

  it.each(['', '# all commented out\n', 'http:\nprobes:\n  icmp:\n', 'http:\n  port:\n'])(
    'takes an empty file or section as defaults: %j',
    (yaml) => {
      const defaults = load();
      write(yaml);
      expect(load()).toEqual(defaults);
    },
  );

  it('takes what the file says, and absolute paths as they are', () => {
    write(
      [
        'dataDir: /srv/monitor',
        'databaseUrl: postgres://u:p@db:5432/m',
        'probes:',
        '  sip-call:',
        '    options: { holdS: 4, video: false, user: u, passwordFile: secrets/sip }',
      ].join('\n'),
    );
    const config = load();
    expect(config.dataDir).toBe('/srv/monitor');
    expect(config.databaseUrl).toBe('postgres://u:p@db:5432/m');
    expect(config.probes['sip-call']).toEqual({
      enabled: true,
      intervalSeconds: 900,
      concurrency: 24,
      options: { holdS: 4, video: false, user: 'u', passwordFile: join(cwd, 'secrets/sip') },
    });
  });

  it('lets the environment win over the file, variable by variable', () => {
    write('http: { host: 0.0.0.0, port: 9000 }\nlogLevel: warn\n');
    const config = load({
      PORT: '0',
      DATA_DIR: 'data',
      INVENTORY: 'sites.csv',
      DATABASE_URL: 'postgresql://db/m',
      LOG_LEVEL: '',
    });
    expect(config.http).toEqual({ host: '0.0.0.0', port: 0 });
    expect(config.logLevel).toBe('warn');
    expect(config.dataDir).toBe(join(cwd, 'data'));
    expect(config.inventoryPath).toBe(join(cwd, 'sites.csv'));
    expect(config.databaseUrl).toBe('postgresql://db/m');
  });

  it('reads the file that CONFIG names, and refuses when it is not there', () => {
    write('vantage: central', 'other.yml');
    expect(load({ CONFIG: 'other.yml' }).vantage).toBe('central');
    expect(problemsOf({ CONFIG: 'missing.yml' })).toEqual([
      'missing.yml: cannot be read (ENOENT), allowed: a readable YAML file',
    ]);
  });

  it('names every problem of the file and of the environment at once', () => {
    write(
      [
        'http: { host: "two words", port: 80.5 }',
        'logLevel: loud',
        'vantage: Phú Thọ',
        'retention: 3',
        'database: { poolSize: "10" }',
        'prober:',
        '  restartBackoffMs: { min: 2000, max: 1000 }',
        '  perArea: { sip-call: 0 }',
        '  bandwidthKbps: { perArea: 1.5, areas: { Việt Trì: many }, carriers: [VNPT] }',
        'probes:',
        '  icmp: { enabled: maybe, intervalSeconds: 0, options: { payload: 1, count: 0 } }',
        '  sip-call: { intervalSeconds: 1, options: { holdS: 13, source: 10.1.2, callerName: "a\\"b" } }',
        '  h323: {}',
        'simulation: [auto]',
      ].join('\n'),
    );
    const problems = problemsOf({ PORT: '80a', LOG_LEVEL: 'verbose', DATABASE_URL: 'mysql://root:secret@db' });
    const file = 'config/monitor.yml';
    expect([...problems].sort()).toEqual(
      [
        `${file}: http.host: found "two words", allowed: an IP address or a host name`,
        `${file}: http.port: found 80.5, allowed: a whole number from 0 to 65535`,
        `${file}: logLevel: found "loud", allowed: one of fatal, error, warn, info, debug, trace, silent`,
        `${file}: vantage: found "Phú Thọ", allowed: a short name of a-z, 0-9 and "-"`,
        `${file}: retention: unknown key, allowed: a mapping with the keys http, dataDir, databaseUrl, inventoryPath, logLevel, vantage, database, prober, probes, bothProtocols, quietHours, exceptions, live, health, calendars, notices, simulation`,
        `${file}: database.poolSize: found "10", allowed: a whole number from 2 to 100`,
        `${file}: prober.restartBackoffMs: found {"min":2000,"max":1000}, allowed: min not above max`,
        `${file}: prober.perArea.sip-call: found 0, allowed: a whole number from 1 to 1000`,
        `${file}: prober.bandwidthKbps.perArea: found 1.5, allowed: a whole number from 64 to 10000000`,
        `${file}: prober.bandwidthKbps.areas.Việt Trì: found "many", allowed: a whole number from 64 to 10000000`,
        `${file}: prober.bandwidthKbps.carriers: found ["VNPT"], allowed: a mapping from names of the inventory to kbit/s, such as {"Việt Trì": 50000}`,
        `${file}: probes.icmp.enabled: found "maybe", allowed: true or false`,
        `${file}: probes.icmp.intervalSeconds: found 0, allowed: a number from 1 to 86400`,
        `${file}: probes.icmp.options.payload: unknown key, allowed: a mapping with the keys count, spacingMs, timeoutS, payloadBytes, pathMtu, source`,
        `${file}: probes.icmp.options.count: found 0, allowed: a whole number from 1 to 100`,
        `${file}: probes.sip-call.intervalSeconds: found 1, allowed: a number from 5 to 86400`,
        `${file}: probes.sip-call.options.holdS: found 13, allowed: a number from 1 to 12`,
        `${file}: probes.sip-call.options.source: found "10.1.2", allowed: an IP address`,
        `${file}: probes.sip-call.options.callerName: found "a\\"b", allowed: a text of 1 to 64 characters without quotes, "<", ">" or "\\"`,
        `${file}: probes.h323: unknown key, allowed: a mapping with the keys icmp, tcp, sip-options, h323-ping, sip-call, h323-call`,
        `${file}: simulation: found ["auto"], allowed: a mapping with the keys mode, faultsFile, intervalSeconds`,
        'environment: PORT: found "80a", allowed: a whole number from 0 to 65535',
        'environment: LOG_LEVEL: found "verbose", allowed: one of fatal, error, warn, info, debug, trace, silent',
        'environment: DATABASE_URL: found a value that is not shown, allowed: a URL postgres://user:password@host:port/database',
      ].sort(),
    );
  });

  it('wants the user of a call and the file of its password together', () => {
    write('probes: { sip-call: { options: { user: u } } }');
    expect(problemsOf()).toEqual([
      'config/monitor.yml: probes.sip-call.options: found {"user":"u"}, allowed: user together with one of passwordFile and passwordEnv, or none of them',
    ]);
  });

  it('makes the paths of secrets absolute, and fills in what a receiver of notices leaves out', () => {
    write(
      [
        'notices:',
        '  webhooks: [{ name: noc, url: "https://noc.example.vn/h", secretFile: s/noc, caFile: ca.pem }]',
        '  mail:',
        '    server: { host: mail, user: m, passwordFile: s/mail }',
        '    from: monitor@example.vn',
        '    lists: [{ name: duty, to: [truc@example.vn], events: [incident.opened] }]',
      ].join('\n'),
    );
    const { webhooks, mail } = load().notices;
    expect(webhooks).toEqual([
      {
        name: 'noc',
        url: 'https://noc.example.vn/h',
        secretFile: join(cwd, 's/noc'),
        caFile: join(cwd, 'ca.pem'),
        events: expect.arrayContaining(['incident.opened', 'session.no-go', 'monitor.blind']),
      },
    ]);
    expect(webhooks[0]?.events).not.toContain('checkpoint.done');
    expect(mail).toEqual({
      server: { host: 'mail', port: 587, encryption: 'starttls', user: 'm', passwordFile: join(cwd, 's/mail') },
      from: 'monitor@example.vn',
      lists: [{ name: 'duty', to: ['truc@example.vn'], events: ['incident.opened'], digestMinutes: 60 }],
    });
  });

  it('shows no URL of a webhook, which may hold a token, and lets no password go in the clear', () => {
    const hook = (url: string, more = 'secretEnv: NOTICE_SECRET') => `{ name: noc, url: "${url}", ${more} }`;
    const refused = (yaml: string): string => {
      write(`notices: ${yaml}`);
      const problems = problemsOf().join('\n');
      expect(problems).not.toContain('CANARY');
      return problems;
    };
    for (const url of ['ftp://h/CANARY', 'http://u:CANARY@h/', 'http://h/#CANARY', 'CANARY']) {
      expect(refused(`{ webhooks: [${hook(url)}] }`)).toMatch(
        /webhooks\.0\.url: found a value that is not shown, allowed: a URL http/,
      );
    }
    expect(refused(`{ webhooks: [${hook('http://h/', 'secretEnv: DATABASE_URL')}] }`)).toMatch(/allowed: NOTICE_SECRET, or/);
    expect(refused(`{ webhooks: [${hook('http://h/CANARY', 'events: []')}] }`)).toMatch(
      /found .*, allowed: one of secretFile and/,
    );
    expect(refused(`{ webhooks: [${hook('http://h/CANARY')}, ${hook('http://i/')}] }`)).toMatch(/a name of its own/);
    expect(
      refused('{ mail: { server: { host: h, encryption: none, user: u, passwordEnv: NOTICE_SECRET }, from: a@b, lists: [] } }'),
    ).toMatch(/a password is not sent in the clear/);
  });

  it('takes thresholds with a source or without, for all profiles or one, and refuses a profile that nobody knows', () => {
    write(
      [
        'health:',
        '  thresholds: { jitterMs: 50, mos: { value: 3.1, source: our measurements } }',
        '  profiles:',
        '    audio-only: { thresholds: { lossRatio: 0.03 } }',
        '    listener: { needs: [audioOut, videoOut] }',
        'exceptions:',
        '  - { for: { sites: x }, profile: listener }',
      ].join('\n'),
    );
    expect(load().health).toMatchObject({
      thresholds: {
        ...DEFAULT_THRESHOLDS,
        jitterMs: { value: 50, source: 'settings' },
        mos: { value: 3.1, source: 'our measurements' },
      },
      profiles: {
        'video-room': { needs: ['audioOut', 'audioIn', 'videoOut', 'videoIn'], thresholds: {} },
        'audio-only': { needs: ['audioOut', 'audioIn'], thresholds: { lossRatio: { value: 0.03, source: 'settings' } } },
        listener: { needs: ['audioOut', 'videoOut'], thresholds: {} },
      },
    });
    write('health: { thresholds: { mos: 9, rttMs: { value: 200 } }, profiles: { phone: { needs: [] } } }');
    const shape = 'allowed: a number, or a mapping with the keys value and source';
    expect(problemsOf()).toEqual([
      `config/monitor.yml: health.thresholds.rttMs: found {"value":200}, ${shape}`,
      'config/monitor.yml: health.thresholds.mos: found 9, allowed: a number from 1 to 4.5',
      'config/monitor.yml: health.profiles.phone.needs: found [], allowed: a list of audioOut, audioIn, videoOut, videoIn, each once',
    ]);
    write('exceptions: [{ for: { sites: x }, profile: fone }]');
    expect(problemsOf()).toEqual([
      'config/monitor.yml: exceptions.0.profile: found "fone", allowed: one of video-room, audio-only',
    ]);
  });

  it('refuses quiet hours that are none', () => {
    write('quietHours: ["22:00-22:00", "6:00-7:00", "22:00-06:00", "12:00-24:00", "24:00-06:00"]');
    const allowed = 'allowed: two times that differ, such as "22:00-06:00"';
    expect(problemsOf()).toEqual([
      `config/monitor.yml: quietHours.0: found "22:00-22:00", ${allowed}`,
      `config/monitor.yml: quietHours.1: found "6:00-7:00", ${allowed}`,
      `config/monitor.yml: quietHours.4: found "24:00-06:00", ${allowed}`,
    ]);
  });

  it('refuses a file that is no mapping or no YAML, with the line', () => {
    write('- http\n');
    expect(problemsOf()).toEqual([
      expect.stringMatching(/^config\/monitor\.yml: found \["http"\], allowed: a mapping with the keys http, /),
    ]);
    write('http:\n  port: 1\n  port: 2\n');
    expect(problemsOf()).toEqual(['config/monitor.yml: line 3: not valid YAML: Map keys must be unique']);
  });

  it('gives the refusals as one message to print', () => {
    expect(() => load({ PORT: '99999' })).toThrow(
      'The configuration is refused:\n  environment: PORT: found 99999, allowed: a whole number from 0 to 65535',
    );
  });

  describe('the file that ships', () => {
    const shipped = readFileSync('config/monitor.yml', 'utf8');

    it('changes nothing', () => {
      const defaults = load();
      write(shipped);
      expect(load()).toEqual(defaults);
    });

    it('shows every key, and the true defaults', () => {
      const defaults = load();
      write(shipped.replaceAll(/^# (?= *[A-Za-z0-9-]+:( |$))/gm, ''));
      const { databaseUrl, inventoryPath, ...rest } = load();
      expect(rest).toEqual(defaults);
      expect({ databaseUrl, inventoryPath }).toEqual({
        databaseUrl: expect.stringMatching(/^postgres:/),
        inventoryPath: join(cwd, 'sites.csv'),
      });
      write(shipped.replaceAll(/\b\d+\b/g, '-1').replaceAll(/^# (?= *[A-Za-z0-9-]+:( |$))/gm, ''));
      const numbers = JSON.stringify(defaults).match(/:-?\d/g) ?? [];
      expect(problemsOf().length).toBeGreaterThanOrEqual(numbers.length);
    });
  });
});
