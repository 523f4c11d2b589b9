import type { StorableOutcome } from '../outcome-row.js';

/** PostgreSQL manual, COPY, "Binary Format": signature, flags, length of the header's extension. */
const HEADER = Buffer.from('5047434f50590aff0d0a000000000000000000', 'hex');
const NULL_FIELD = -1;
/** 2000-01-01, PostgreSQL's epoch */
const EPOCH_MS = 946_684_800_000;
const LOW = 0x1_0000_0000;
const JSONB_VERSION = 1;
/** PostgreSQL reads one chunk while the next is being written. */
const CHUNK_ROWS = 500;
const CHUNK_BYTES = 96 * 1024;

/** The columns in the order in which `encodeResults` writes them. */
export const RESULT_COLUMNS =
  'started_at, run_id, duration_ms, self_lag_ms, rtt_ms, loss_ratio, jitter_ms, mos, setup_ms, kind, result, reason, signals, ' +
  'kernel_clock, endpoint_id, vantage, target';
const RESULT_COLUMN_COUNT = 17;
export const DETAIL_COLUMNS = 'started_at, run_id, detail';
const DETAIL_COLUMN_COUNT = 3;

/** Rows of COPY ... (FORMAT binary), one after the other into growing buffers. */
class BinaryCopy {
  private buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  private length = HEADER.copy(this.buffer);
  private rows = 0;

  /** Whether it is time to `take` what there is. */
  get isFull(): boolean {
    return this.rows >= CHUNK_ROWS;
  }

  row(fields: number): void {
    this.rows++;
    this.room(2);
    this.length = this.buffer.writeInt16BE(fields, this.length);
  }

  timestamp(at: Date): void {
    const microseconds = (at.getTime() - EPOCH_MS) * 1000;
    const high = Math.floor(microseconds / LOW);
    this.field(8);
    this.length = this.buffer.writeInt32BE(high, this.length);
    this.length = this.buffer.writeUInt32BE(microseconds - high * LOW, this.length);
  }

  uuid(text: string): void {
    this.field(16);
    this.length += this.buffer.write(text.replaceAll('-', ''), this.length, 'hex');
  }

  real(value: number | null): void {
    if (value === null) return this.null();
    this.field(4);
    this.length = this.buffer.writeFloatBE(value, this.length);
  }

  smallint(value: number | null): void {
    if (value === null) return this.null();
    this.field(2);
    this.length = this.buffer.writeInt16BE(value, this.length);
  }

  boolean(value: boolean | null): void {
    if (value === null) return this.null();
    this.field(1);
    this.length = this.buffer.writeUInt8(value ? 1 : 0, this.length);
  }

  /** Also an enum's word. */
  text(value: string | null): void {
    if (value === null) return this.null();
    this.field(Buffer.byteLength(value));
    this.length += this.buffer.write(value, this.length);
  }

  jsonb(text: string): void {
    this.field(1 + Buffer.byteLength(text));
    this.length = this.buffer.writeUInt8(JSONB_VERSION, this.length);
    this.length += this.buffer.write(text, this.length);
  }

  take(): Buffer {
    const taken = this.buffer.subarray(0, this.length);
    this.buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    this.length = 0;
    this.rows = 0;
    return taken;
  }

  end(): Buffer {
    this.room(2);
    this.length = this.buffer.writeInt16BE(-1, this.length);
    return this.buffer.subarray(0, this.length);
  }

  private field(bytes: number): void {
    this.room(4 + bytes);
    this.length = this.buffer.writeInt32BE(bytes, this.length);
  }

  private null(): void {
    this.room(4);
    this.length = this.buffer.writeInt32BE(NULL_FIELD, this.length);
  }

  private room(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.buffer.length, this.length + bytes));
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }
}

/** For COPY (RESULT_COLUMNS) FROM STDIN (FORMAT binary). */
export function* encodeResults(batch: readonly StorableOutcome[]): Generator<Buffer> {
  const copy = new BinaryCopy();
  for (const { row } of batch) {
    copy.row(RESULT_COLUMN_COUNT);
    copy.timestamp(row.started_at);
    copy.uuid(row.run_id);
    copy.real(row.duration_ms);
    copy.real(row.self_lag_ms);
    copy.real(row.rtt_ms);
    copy.real(row.loss_ratio);
    copy.real(row.jitter_ms);
    copy.real(row.mos);
    copy.real(row.setup_ms);
    copy.text(row.kind);
    copy.text(row.result);
    copy.text(row.reason);
    copy.smallint(row.signals);
    copy.boolean(row.kernel_clock);
    copy.text(row.endpoint_id);
    copy.text(row.vantage);
    copy.text(row.target);
    if (copy.isFull) yield copy.take();
  }
  yield copy.end();
}

/** For COPY (DETAIL_COLUMNS) FROM STDIN (FORMAT binary): of those outcomes that have a detail. */
export function* encodeDetails(batch: readonly StorableOutcome[]): Generator<Buffer> {
  const copy = new BinaryCopy();
  for (const { row, detail } of batch) {
    if (detail === null) continue;
    copy.row(DETAIL_COLUMN_COUNT);
    copy.timestamp(row.started_at);
    copy.uuid(row.run_id);
    copy.jsonb(detail);
    if (copy.isFull) yield copy.take();
  }
  yield copy.end();
}
