import { isIPv4 } from 'node:net';
import { parse as parseCsv } from 'csv-parse/sync';
import { err, ok, type Result } from '../../common/result.js';

/** What the lab needs to know of an endpoint: where it listens, and by which names faults are aimed at it. */
export interface LabEndpoint {
  code: string;
  name: string;
  tier: string;
  area: string;
  carrier: string;
  address: string;
}

const MOST_MADE = 10_000;

const inLoopbackNet = (address: string): boolean => isIPv4(address) && address.startsWith('127.');

/**
 * The endpoints of an inventory CSV (comma or semicolon, BOM or not). Only addresses in 127.0.0.0/8 can be simulated; the
 * real import does the full checks, so everything but the address may be empty here.
 */
export function endpointsFromCsv(text: string, fileName: string): Result<LabEndpoint[], string[]> {
  let rows: Record<string, string>[];
  try {
    rows = parseCsv(text, { columns: true, bom: true, delimiter: [',', ';'], trim: true, skip_empty_lines: true });
  } catch (error) {
    return err([`${fileName}: ${(error as Error).message}`]);
  }
  const errors: string[] = [];
  const seen = new Set<string>();
  const endpoints = rows.map((row, index) => {
    const address = row['address'] ?? '';
    const where = `${fileName}: row ${index + 2}: address`;
    if (!inLoopbackNet(address)) errors.push(`${where}: found "${address}", allowed: an address in 127.0.0.0/8`);
    else if (seen.has(address)) errors.push(`${where}: ${address} is given twice`);
    seen.add(address);
    return endpointOf(row, address);
  });
  if (rows.length === 0) errors.push(`${fileName}: no rows`);
  return errors.length > 0 ? err(errors) : ok(endpoints);
}

function endpointOf(row: Record<string, string>, address: string): LabEndpoint {
  const text = (column: string): string => row[column] ?? '';
  return {
    code: text('site_code') || address,
    name: text('site_name') || address,
    tier: text('tier') || 'commune',
    area: text('area'),
    carrier: text('carrier'),
    address,
  };
}

/** `count` endpoints at 127.20.0.1 (or in another `net`) and up, skipping .0 and .255 because people take them for nets. */
export function madeEndpoints(count: number, net: `127.${number}` = '127.20'): LabEndpoint[] {
  if (!Number.isInteger(count) || count < 1 || count > MOST_MADE) throw new RangeError(`sites: 1 to ${MOST_MADE}, not ${count}`);
  return Array.from({ length: count }, (_, index) => {
    const number = String(index + 1).padStart(4, '0');
    return {
      code: `lab-${number}`,
      name: `Lab ${number}`,
      tier: 'commune',
      area: `Lab area ${1 + (index % 10)}`,
      carrier: `Lab carrier ${1 + (index % 3)}`,
      address: `${net}.${Math.floor(index / 254)}.${1 + (index % 254)}`,
    };
  });
}
