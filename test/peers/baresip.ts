import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MODULE_FOLDERS = ['/usr/lib/baresip/modules', '/usr/local/lib/baresip/modules'];
/** baresip-ffmpeg: without it there is no H.264 */
const H264_MODULES = ['avcodec.so', 'avformat.so', 'swscale.so'];
const READY_TIMEOUT_MS = 20_000;
const MOST_TRIES = 3;

type Video = 'moving' | 'black' | 'still' | 'none';
type Sound = 'tone' | 'silence' | 'two-seconds';

export interface BaresipOptions {
  /** `still`: three bars that never move. `none`: no video codec at all, so that our m=video is answered with port 0 */
  video?: Video;
  /** `two-seconds`: of silence, at whose end baresip hangs up */
  sound?: Sound;
  /** `manual` rings for ever */
  answerMode?: 'auto' | 'manual';
  /** further calls get 486 */
  maxCalls?: number;
  /** SRTP with SDES keys: `srtp` where the caller offers it, `srtp-mand` refuses plain RTP with 488. None of it unless given. */
  mediaEncryption?: 'srtp' | 'srtp-mand';
  /** PEM of a certificate and its key: reached over TLS, on the port after its own */
  certificate?: string;
}

const moduleFolder = (): string | undefined => MODULE_FOLDERS.find((folder) => existsSync(folder));

export const baresipHasH264 = (): boolean => {
  const folder = moduleFolder();
  return folder !== undefined && H264_MODULES.every((module) => existsSync(join(folder, module)));
};

/**
 * A real baresip at 127.0.0.1. It binds its RTP sockets to 0.0.0.0, so that on loopback its media come from 127.0.0.1
 * whatever its SDP says: hence every peer stands at that address, each on ports of its own.
 */
export class Baresip {
  private constructor(
    private readonly process: ChildProcess,
    private readonly folder: string,
    readonly port: number,
    private readonly controlPort: number,
    private readonly secure: boolean,
    private readonly output: () => string,
  ) {}

  /** A port that was free may be another call's by the time baresip binds it: then once more, on others. */
  static async start(options: BaresipOptions = {}): Promise<Baresip> {
    for (let tries = 1; ; tries++) {
      try {
        return await Baresip.startOnce(options);
      } catch (error) {
        if (tries === MOST_TRIES) throw error;
      }
    }
  }

  private static async startOnce(options: BaresipOptions): Promise<Baresip> {
    const folder = await mkdtemp(join(tmpdir(), 'thong-suot-baresip-'));
    const port = await freePort();
    const controlPort = await freePort();
    const source = [
      ...(await soundLines(options.sound ?? 'tone', folder)),
      ...(await videoLines(options.video ?? 'moving', folder)),
    ];
    const certificate = options.certificate && join(folder, 'certificate.pem');
    if (certificate) await writeFile(certificate, options.certificate ?? '');
    await writeFile(
      join(folder, 'config'),
      configOf({ port, controlPort, source, certificate, maxCalls: options.maxCalls ?? 4 }),
    );
    await writeFile(join(folder, 'accounts'), accountOf(port, options));
    await writeFile(join(folder, 'contacts'), '');
    const child = spawn('baresip', ['-4', '-f', folder], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk: Buffer): void => void (output = (output + chunk.toString()).slice(-20_000));
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const peer = new Baresip(child, folder, port, controlPort, certificate !== undefined, () => output);
    await peer.untilReady();
    return peer;
  }

  get uri(): string {
    return this.secure ? `sip:room@127.0.0.1:${this.port + 1};transport=tls` : `sip:room@127.0.0.1:${this.port}`;
  }

  /** What it printed last, for a failing test. */
  get log(): string {
    return this.output();
  }

  /** What a person would press: `hold`, `resume`, `hangup`, ... */
  async command(command: string): Promise<void> {
    const socket = connect(this.controlPort, '127.0.0.1');
    await once(socket, 'connect');
    const text = JSON.stringify({ command });
    socket.write(`${text.length}:${text},`);
    await once(socket, 'data');
    socket.destroy();
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const ended = once(this.process, 'exit');
      this.process.kill('SIGTERM');
      const kill = setTimeout(() => this.process.kill('SIGKILL'), 4000);
      await ended;
      clearTimeout(kill);
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  private async untilReady(): Promise<void> {
    const deadline = Date.now() + READY_TIMEOUT_MS;
    while (!this.output().includes('baresip is ready')) {
      if (this.process.exitCode !== null || Date.now() > deadline) {
        await this.stop();
        throw new Error(`baresip did not start:\n${this.output()}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

interface Config {
  port: number;
  controlPort: number;
  source: string[];
  certificate?: string;
  maxCalls: number;
}

function configOf({ port, controlPort, source, certificate, maxCalls }: Config): string {
  return [
    `sip_listen 127.0.0.1:${port}`,
    ...(certificate ? [`sip_certificate ${certificate}`] : []),
    'net_interface 127.0.0.1',
    'audio_player aubridge,sink',
    'audio_alert aubridge,alert',
    'rtp_ports 30000-31000',
    'rtp_stats yes',
    `call_max_calls ${maxCalls}`,
    'statmode_default off',
    `module_path ${moduleFolder() ?? ''}`,
    ...['g711.so', 'aubridge.so', 'srtp.so'].map((module) => `module ${module}`),
    ...source,
    'module_tmp uuid.so',
    'module_tmp account.so',
    'module_app menu.so',
    'module_app ctrl_tcp.so',
    `ctrl_tcp_listen 127.0.0.1:${controlPort}`,
    '',
  ].join('\n');
}

const accountOf = (port: number, { answerMode = 'auto', mediaEncryption }: BaresipOptions): string =>
  `"Room" <sip:room@127.0.0.1:${port}>;regint=0;answermode=${answerMode};` +
  `audio_codecs=PCMA/8000/1,PCMU/8000/1;video_codecs=h264;call_transfer=no${mediaEncryption ? `;mediaenc=${mediaEncryption}` : ''}\n`;

async function soundLines(sound: Sound, folder: string): Promise<string[]> {
  // ausine speaks 48 kHz stereo only; otherwise the answer fails and 180 stays for ever
  if (sound === 'tone') return ['module ausine.so', 'audio_source ausine,440', 'ausrc_srate 48000', 'ausrc_channels 2'];
  const path = join(folder, 'silence.wav');
  // aufile does not begin again at the end of its file: it hangs up
  await make(path, 'anullsrc=channel_layout=mono:sample_rate=8000', sound === 'silence' ? 30 : 2);
  return ['module aufile.so', `audio_source aufile,${path}`, 'ausrc_srate 8000', 'ausrc_channels 1'];
}

/** Without the codec modules there is no video: an account that names no video codec would get them all. */
async function videoLines(video: Video, folder: string): Promise<string[]> {
  if (video === 'none') return [];
  return [
    ...['fakevideo.so', ...H264_MODULES].map((module) => `module ${module}`),
    `video_source ${video === 'still' ? 'fakevideo,nil' : `avformat,${await clipOf(video, folder)}`}`,
    'video_display fakevideo,nil',
    'video_size 640x360',
    'video_fps 25',
  ];
}

/** avformat does not begin again at the end of its file: half a minute outlives every call. */
async function clipOf(video: 'moving' | 'black', folder: string): Promise<string> {
  const path = join(folder, 'picture.mp4');
  const source = video === 'moving' ? 'testsrc2=size=640x360' : 'color=color=black:size=640x360';
  await make(path, `${source}:rate=25`, 30, ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p']);
  return path;
}

async function make(path: string, source: string, seconds: number, codec: string[] = []): Promise<void> {
  const args = ['-loglevel', 'error', '-y', '-f', 'lavfi', '-i', source, '-t', String(seconds), ...codec, path];
  const [code] = (await once(spawn('ffmpeg', args, { stdio: 'ignore' }), 'exit')) as [number | null];
  if (code !== 0) throw new Error(`ffmpeg made no ${path} (exit code ${code})`);
}

/**
 * Free for UDP and TCP, and the next one, too (TLS). Below the range that the kernel takes local ports from (32768 and up): one of
 * those is soon some connection's, and a SIP endpoint wants both transports on one port.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    if ((await isFree(port)) && (await isFree(port + 1))) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const udp = createSocket('udp4');
  const tcp = createServer();
  try {
    await Promise.all([once(udp.bind(port, '127.0.0.1'), 'listening'), once(tcp.listen(port, '127.0.0.1'), 'listening')]);
    return true;
  } catch {
    return false;
  } finally {
    udp.close();
    tcp.close();
  }
}
