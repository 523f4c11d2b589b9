import { err, type Result } from '../common/result.js';
import { fileError, type ImportError, MAX_FILE_BYTES, type RawTable } from './raw-table.js';
import { readCsv } from './read-csv.js';
import { readXlsx } from './read-xlsx.js';

/** Tells the format by the first bytes, not by a name: every workbook is a ZIP archive. */
const isZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04;

export async function readTable(bytes: Uint8Array): Promise<Result<RawTable, ImportError[]>> {
  if (bytes.length > MAX_FILE_BYTES) {
    return err([
      fileError(`${bytes.length} bytes`, `at most ${MAX_FILE_BYTES} bytes`, 'Remove pictures and rows that are no endpoints.'),
    ]);
  }
  return isZip(bytes) ? readXlsx(bytes) : readCsv(bytes);
}
