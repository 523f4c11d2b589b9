import { Injectable, Logger } from '@nestjs/common';
import { open } from 'node:fs/promises';
import { err, ok, type Result } from '../common/result.js';
import { type EditableField, editEndpoint, type FieldError } from './edit-endpoint.js';
import type { EndpointRecord } from './endpoint-record.js';
import { diffInventory, hasEffect, type InventoryDiff } from './inventory-diff.js';
import { InventoryRepository } from './inventory.repository.js';
import { parseRows } from './parse-rows.js';
import { type ImportError, MAX_FILE_BYTES } from './raw-table.js';
import { readTable } from './read-table.js';

/** Of a file that was taken (or would be, on a dry run). */
export interface ImportReport extends InventoryDiff {
  dryRun: boolean;
  ignoredColumns: string[];
}

/** Of a file that was refused: nothing was changed. */
export interface ImportRefusal {
  errors: ImportError[];
  ignoredColumns: string[];
}

/** Why an edit changed nothing. `stale`: another change came first. */
export type EditRefusal = { why: 'missing' } | { why: 'stale' } | { why: 'invalid'; errors: FieldError[] };

export const isRefusal = (answer: ImportReport | ImportRefusal): answer is ImportRefusal => 'errors' in answer;

type ChangeListener = (endpoints: EndpointRecord[]) => void;

@Injectable()
export class InventoryService {
  private readonly logger = new Logger(InventoryService.name);
  private readonly listeners = new Set<ChangeListener>();

  constructor(private readonly repository: InventoryRepository) {}

  /** Everything that is in the inventory now, by site and ordinal. */
  listEndpoints(): Promise<EndpointRecord[]> {
    return this.repository.list();
  }

  /** Also of one that was removed: its results are kept. */
  knowsEndpoint(id: string): Promise<boolean> {
    return this.repository.knows(id);
  }

  /** Told after an import that changed something was committed. */
  onChanged(listener: ChangeListener): void {
    this.listeners.add(listener);
  }

  /** The bytes of a CSV or XLSX file become the inventory, all of it or nothing. Bad content is an answer, not an error. */
  async import(bytes: Uint8Array, { dryRun }: { dryRun: boolean }): Promise<ImportReport | ImportRefusal> {
    const table = await readTable(bytes);
    if (!table.ok) return { errors: table.error, ignoredColumns: [] };
    const { drafts, errors, ignoredColumns } = parseRows(table.value);
    if (errors.length) return { errors, ignoredColumns };
    const diff = dryRun ? diffInventory(await this.repository.list(), drafts) : await this.replace(drafts);
    return { dryRun, ignoredColumns, ...diff };
  }

  /**
   * One endpoint by hand. All or nothing, and in effect at once; a configured file that is imported later has the last word.
   *
   * @param mayChange sees the endpoint as it is while nobody else can change it
   */
  async edit(
    id: string,
    given: Partial<Record<EditableField, string>>,
    mayChange: (present: EndpointRecord) => boolean,
  ): Promise<Result<EndpointRecord, EditRefusal>> {
    const changed = await this.repository.change<EditRefusal>((present) => {
      const endpoint = present.find((record) => record.id === id);
      if (!endpoint) return err({ why: 'missing' });
      if (!mayChange(endpoint)) return err({ why: 'stale' });
      const edited = editEndpoint(present, endpoint, given);
      return edited.ok ? edited : err({ why: 'invalid', errors: edited.error });
    });
    if (!changed.ok) return changed;
    await this.announce(changed.value);
    const record = (await this.repository.list()).find((one) => one.id === id);
    return record ? ok(record) : err({ why: 'missing' });
  }

  /** @throws when the file cannot be read */
  async importFile(path: string): Promise<ImportReport | ImportRefusal> {
    return this.import(await readBounded(path), { dryRun: false });
  }

  private async replace(drafts: EndpointRecord[]): Promise<InventoryDiff> {
    const changed = await this.repository.change<never>(() => ok(drafts));
    if (!changed.ok) return changed.error;
    await this.announce(changed.value);
    return changed.value;
  }

  private async announce(diff: InventoryDiff): Promise<void> {
    if (!hasEffect(diff)) return;
    const { added, changed, removed } = diff;
    this.logger.log(`inventory: ${added.length} added, ${changed.length} changed, ${removed.length} removed`);
    const endpoints = await this.repository.list();
    for (const listener of this.listeners) listener(endpoints);
  }
}

/** One byte more than is allowed is enough to be refused: a file of any size is never read whole. */
async function readBounded(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(MAX_FILE_BYTES + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length);
      length += bytesRead;
      if (bytesRead === 0 || length === buffer.length) return buffer.subarray(0, length);
    }
  } finally {
    await file.close();
  }
}
