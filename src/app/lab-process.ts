import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Logger } from 'pino';

const RESTART_MS = 1_000;
const KILL_AFTER_MS = 2_000;

/** The simulated endpoints, in a process of their own: what they cost must not disturb who measures them. */
export class LabProcess {
  private child: ChildProcess | null = null;
  private restart: NodeJS.Timeout | null = null;
  private stopping = false;

  constructor(
    private readonly entry: string,
    private readonly args: string[],
    private readonly log: Logger,
  ) {}

  /** Resolves when the endpoints answer, or when the lab died at its first start: the board then shows them as they are. */
  async start(): Promise<void> {
    const child = fork(this.entry, this.args, {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: ['--enable-source-maps'],
    });
    this.child = child;
    child.once('exit', (code, signal) => this.exited(code, signal));
    child.on('error', (error) => this.log.error({ err: error }, 'the lab could not be started'));
    await Promise.race([once(child, 'message'), once(child, 'exit')]);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    if (this.restart) clearTimeout(this.restart);
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
    await gone;
    clearTimeout(kill);
  }

  private exited(code: number | null, signal: string | null): void {
    this.child = null;
    if (this.stopping) return;
    this.log.error({ code, signal }, 'the lab ended by itself; starting it again');
    this.restart = setTimeout(() => void this.start(), RESTART_MS);
  }
}
