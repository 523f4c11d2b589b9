import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { err, ok, type Result } from '../../common/result.js';
import { TIERS } from '../../common/states.js';
import { FAULT_NAMES, faultSchema, type Fault } from './fault.js';
import { describeIssues } from './messages.js';

const names = z.array(z.string().min(1)).min(1);

/** Which endpoints an entry is for. Every key that is given must match; a list matches when one of its values does. */
const selectorSchema = z
  .strictObject({
    codes: names.optional(),
    addresses: names.optional(),
    areas: names.optional(),
    carriers: names.optional(),
    tiers: z.array(z.enum(TIERS)).min(1).optional(),
  })
  .refine((selector) => Object.values(selector).some((value) => value !== undefined), {
    message: 'needs at least one of codes, addresses, areas, carriers, tiers',
  });
export type Selector = z.infer<typeof selectorSchema>;

const entrySchema = z.strictObject({
  /** why the entry is there, for the reader of the file */
  note: z.string().optional(),
  on: selectorSchema,
  is: z.array(faultSchema).min(1),
});

const fileSchema = z.strictObject({
  /** same seed, same losses: a replay gives the same picture */
  seed: z.number().int().nonnegative().default(1),
  faults: z.array(entrySchema).default([]),
});
export type FaultPlan = z.infer<typeof fileSchema>;

export const NO_FAULTS: FaultPlan = { seed: 1, faults: [] };

/** Reads a fault file. The errors are all that is wrong with it, one line each, beginning with the file's name. */
export function parseFaultFile(text: string, fileName: string): Result<FaultPlan, string[]> {
  let input: unknown;
  try {
    input = parseYaml(text) ?? {};
  } catch (error) {
    return err([`${fileName}: not YAML: ${(error as Error).message.split('\n')[0]}`]);
  }
  const parsed = fileSchema.safeParse(input);
  if (parsed.success) return ok(parsed.data);
  return err(describeIssues(parsed.error, input, FAULT_NAMES).map((line) => `${fileName}: ${line}`));
}

const controlBodySchema = z.strictObject({ faults: z.array(faultSchema).max(20) });

/** What `PUT /endpoints/…/faults` carries. */
export function parseFaultBody(input: unknown): Result<Fault[], string[]> {
  const parsed = controlBodySchema.safeParse(input);
  return parsed.success ? ok(parsed.data.faults) : err(describeIssues(parsed.error, input, FAULT_NAMES));
}

export interface Selectable {
  code: string;
  address: string;
  area: string;
  carrier: string;
  tier: string;
}

export function selects(selector: Selector, endpoint: Selectable): boolean {
  const agrees = (list: readonly string[] | undefined, value: string): boolean => list === undefined || list.includes(value);
  return (
    agrees(selector.codes, endpoint.code) &&
    agrees(selector.addresses, endpoint.address) &&
    agrees(selector.areas, endpoint.area) &&
    agrees(selector.carriers, endpoint.carrier) &&
    agrees(selector.tiers, endpoint.tier)
  );
}
