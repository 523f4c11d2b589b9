/**
 * Entry of the lab as a process of its own: `npm run lab` or a child of the daemon. Says it is ready on stdout and, when it
 * has an IPC channel, by the message 'ready'. Ends on SIGTERM, SIGINT, and when its parent is gone.
 */
import { readFile } from 'node:fs/promises';
import { isIPv4 } from 'node:net';
import { parseArgs } from 'node:util';
import { endpointsFromCsv, madeEndpoints, type LabEndpoint } from './endpoints/endpoint-list.js';
import { NO_FAULTS, parseFaultFile, type FaultPlan } from './faults/fault-file.js';
import { startLab, type Lab } from './lab.js';
import { MediaThread } from './media/media-thread.js';

const USAGE = `usage: npm run lab -- [--sites N | --inventory FILE] [--faults FILE] [--control PORT] [--gatekeeper ADDRESS]
  --inventory FILE  CSV with the addresses to simulate (config/inventory.example.csv)
  --sites N         N made-up sites from 127.20.0.1 on, instead of an inventory
  --faults FILE     what is wrong with whom (config/lab-faults.yml; with --sites: nothing)
  --control PORT    HTTP control on 127.0.0.1, to change faults while the lab runs
  --gatekeeper ADDR an H.323 gatekeeper in 127.0.0.0/8 that knows the sites by their codes`;

const DEFAULT_INVENTORY = 'config/inventory.example.csv';
const DEFAULT_FAULTS = 'config/lab-faults.yml';
const PARENT_CHECK_MS = 1000;
/** a stop that takes longer hangs on something; leaving it to the kernel is then better than a process left behind */
const STOP_WITHIN_MS = 3000;
const EX_USAGE = 64;

class UsageError extends Error {}

interface Options {
  inventory?: string;
  faults?: string;
  sites?: number;
  control?: number;
  gatekeeper?: string;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      inventory: { type: 'string' },
      faults: { type: 'string' },
      sites: { type: 'string' },
      control: { type: 'string' },
      gatekeeper: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) throw new UsageError(USAGE);
  if (values.sites !== undefined && values.inventory !== undefined) throw new UsageError('--sites or --inventory, not both');
  const { gatekeeper } = values;
  if (gatekeeper !== undefined && !(isIPv4(gatekeeper) && gatekeeper.startsWith('127.')))
    throw new UsageError(`--gatekeeper: found "${gatekeeper}", allowed: an address in 127.0.0.0/8`);
  return {
    ...values,
    sites: values.sites === undefined ? undefined : wholeNumber('--sites', values.sites, 10_000),
    control: values.control === undefined ? undefined : wholeNumber('--control', values.control, 65_535),
  };
}

function wholeNumber(option: string, text: string, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > most) throw new UsageError(`${option}: found "${text}", allowed: 1 to ${most}`);
  return value;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`);
  }
}

async function endpointsOf({ sites, inventory = DEFAULT_INVENTORY }: Options): Promise<LabEndpoint[]> {
  if (sites !== undefined) return madeEndpoints(sites);
  const endpoints = endpointsFromCsv(await readText(inventory), inventory);
  if (!endpoints.ok) throw new UsageError(endpoints.error.join('\n'));
  return endpoints.value;
}

async function faultsOf({ faults, sites }: Options): Promise<FaultPlan> {
  const file = faults ?? (sites === undefined ? DEFAULT_FAULTS : undefined);
  if (file === undefined) return NO_FAULTS;
  const plan = parseFaultFile(await readText(file), file);
  if (!plan.ok) throw new UsageError(plan.error.join('\n'));
  return plan.value;
}

function announce(lab: Lab): void {
  for (const index of lab.unmatched) console.error(`lab: faults[${index}] is aimed at no endpoint of this lab`);
  const faulty = lab.endpoints.filter(({ faults }) => faults.length > 0).length;
  const control = lab.controlPort === undefined ? '' : `, control on http://127.0.0.1:${lab.controlPort}/endpoints`;
  process.stdout.write(`lab ready: ${lab.endpoints.length} endpoints, ${faulty} with faults${control}\n`);
  process.send?.('ready');
}

/** Calls `leave` once: on a signal, when the IPC channel closes, or when a parent without a channel is gone. */
function awaitEnd(leave: () => void): void {
  const parentPid = process.ppid;
  // the parent of an orphan becomes another process; the check must not keep a finished lab alive
  const parentCheck = setInterval(() => process.ppid !== parentPid && end(), PARENT_CHECK_MS).unref();
  let ended = false;
  function end(): void {
    if (ended) return;
    ended = true;
    clearInterval(parentCheck);
    leave();
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end);
  process.on('disconnect', end);
}

async function main(): Promise<void> {
  const options = readOptions();
  const starting = Promise.all([endpointsOf(options), faultsOf(options)]).then(([endpoints, faults]) =>
    startLab({
      endpoints,
      faults,
      media: new MediaThread(faults.seed),
      ...(options.control !== undefined && { control: { port: options.control } }),
    }),
  );
  awaitEnd(() => {
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    void starting
      .then((lab) => lab.stop())
      .catch(() => undefined)
      .then(() => process.exit(0));
  });
  announce(await starting);
}

main().catch((error: unknown) => {
  const isUsage = error instanceof UsageError || (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS');
  console.error(isUsage ? (error as Error).message : error);
  process.exit(isUsage ? EX_USAGE : 1);
});
