import ExcelJS from 'exceljs';
import { err, ok, type Result } from '../common/result.js';
import { fileError, type ImportError, MAX_COLUMNS, MAX_ROWS, type RawRow, type RawTable, TOO_MANY_ROWS } from './raw-table.js';
import { unpackedBytes } from './zip-size.js';

/** An archive of 5 MB can unpack to gigabytes; an inventory of a whole country does not reach this. */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;

/** The first sheet that has cells. Formulas give their last result; they are never evaluated. */
export async function readXlsx(bytes: Uint8Array): Promise<Result<RawTable, ImportError[]>> {
  const unpacked = unpackedBytes(bytes);
  if (unpacked === undefined || unpacked > MAX_UNPACKED_BYTES) {
    return err([
      unpacked === undefined
        ? fileError('no readable workbook', 'an .xlsx workbook', 'Save it again as .xlsx (not .xls), or as CSV UTF-8.')
        : fileError(
            `a workbook of ${unpacked} bytes when unpacked`,
            `at most ${MAX_UNPACKED_BYTES} bytes`,
            'Remove pictures and unused sheets.',
          ),
    ]);
  }
  const workbook = new ExcelJS.Workbook();
  try {
    await workbook.xlsx.load(Buffer.from(bytes) as unknown as ArrayBuffer);
  } catch {
    return err([fileError('no readable workbook', 'an .xlsx workbook', 'Save it again as .xlsx, or as CSV UTF-8.')]);
  }
  const sheet = workbook.worksheets.find((one) => one.actualRowCount > 0);
  if (!sheet)
    return err([fileError('an empty workbook', 'a header line and at least one row', 'Check that this is the right file.')]);
  if (sheet.actualRowCount > MAX_ROWS + 1) return err([TOO_MANY_ROWS]);
  return toTable(sheet);
}

function toTable(sheet: ExcelJS.Worksheet): Result<RawTable, ImportError[]> {
  const lines: RawRow[] = [];
  sheet.eachRow((row, line) => {
    const cells: string[] = [];
    row.eachCell((cell, column) => {
      if (column <= MAX_COLUMNS) cells[column - 1] = textOf(cell);
    });
    // eachCell leaves holes
    if (cells.some((cell) => cell?.trim())) lines.push({ line, cells: Array.from(cells, (cell) => cell ?? '') });
  });
  const [header, ...rows] = lines;
  if (!header)
    return err([fileError('an empty sheet', 'a header line and at least one row', 'Check that this is the right file.')]);
  return ok({ header: header.cells, headerLine: header.line, rows });
}

function textOf(cell: ExcelJS.Cell): string {
  return valueText(cell.value, cell.numFmt);
}

function valueText(value: ExcelJS.CellValue, format: string | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return numberText(value, format);
  if (typeof value !== 'object') return String(value);
  if (value instanceof Date) return value.toISOString();
  if ('richText' in value) return value.richText.map((part) => part.text).join('');
  if ('hyperlink' in value) return typeof value.text === 'string' ? value.text : valueText(value.text, undefined);
  if ('error' in value) return value.error;
  return valueText((value as ExcelJS.CellFormulaValue).result, format);
}

/** A unit code 04792 typed as a number is 4792 with the format "00000": the zeros are part of what the person sees. */
const numberText = (value: number, format: string | undefined): string =>
  format && /^0+$/.test(format) ? String(value).padStart(format.length, '0') : String(value);
