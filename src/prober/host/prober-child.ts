import { type ChildProcess, fork } from 'node:child_process';
import type { Logger } from 'pino';
import { sipPasswords } from '../../config/sip-passwords.js';
import { readMessage } from '../link/read-message.js';
import { toCoreSchema, type ToCore, type ToProber } from '../messages.js';
import { PROBER_FLAGS } from './prober-flags.js';

/**
 * Where the prober's programs lie, and their output in a form it can read. Secrets of the core stay with the core; the passwords
 * of endpoints go along.
 */
const ENVIRONMENT = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8', TZ: 'UTC' };

export interface ProberDirectories {
  /** where the prober keeps its calls in progress, so that its successor can end them */
  calls?: string;
  /** where outcomes wait until they are stored; absent: in memory */
  spool?: string;
}

export interface ProberChildEvents {
  message(message: ToCore): void;
  /** once, whether it ended or never began */
  gone(how: string): void;
}

/** One prober process, from fork to its end. */
export class ProberChild {
  private readonly child: ChildProcess;
  private ended = false;

  constructor(
    entry: string,
    directories: ProberDirectories,
    private readonly log: Logger,
    private readonly events: ProberChildEvents,
  ) {
    const { calls, spool } = directories;
    const given = [...(calls === undefined ? [] : ['--calls', calls]), ...(spool === undefined ? [] : ['--spool', spool])];
    this.child = fork(entry, ['--log-level', log.level, ...given], {
      // not inherited from us: flags of the core's own process mean nothing to the prober
      execArgv: [...PROBER_FLAGS],
      env: { ...sipPasswords(), ...ENVIRONMENT },
      // both into our stderr: standard output belongs to the commands
      stdio: ['ignore', 2, 2, 'ipc'],
    });
    this.child.on('message', (raw) => this.received(raw));
    this.child.once('exit', (code, signal) => this.gone(signal ?? `exit code ${code}`));
    this.child.once('error', (error) => {
      if (this.child.pid === undefined) this.gone(error.message);
      else this.log.warn({ err: error }, 'prober process');
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** false: the line is closed. */
  send(message: ToProber): boolean {
    if (this.ended || !this.child.connected) return false;
    // an error means that the process has just died, which 'exit' reports
    this.child.send(message, () => undefined);
    return true;
  }

  kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    if (!this.ended) this.child.kill(signal);
  }

  private received(raw: unknown): void {
    const message = readMessage(toCoreSchema, raw);
    if (message.ok) this.events.message(message.value);
    else this.log.warn({ problem: message.error }, 'message from the prober ignored');
  }

  private gone(how: string): void {
    if (this.ended) return;
    this.ended = true;
    this.child.removeAllListeners('message');
    this.events.gone(how);
  }
}
