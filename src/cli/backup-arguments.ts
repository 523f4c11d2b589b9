import { parseArgs } from 'node:util';
import { err, ok, type Result } from '../common/result.js';

export const BACKUP_USAGE = `Cách dùng / usage: npm run -s backup -- [--out DIR] [--no-results]
  --out DIR      thư mục chứa bản sao lưu / the folder that the backup is put into (DATA_DIR/backups)
  --no-results   không kèm từng kết quả đo / without single results: inventory, figures by hour and day
Mã kết thúc / exit code: 0 xong done, 1 lỗi failed, 64 sai cách dùng usage
`;

export const RESTORE_USAGE = `Cách dùng / usage: npm run -s restore -- BACKUP [--replace]
  BACKUP         thư mục do lệnh backup tạo ra / a folder that "backup" has made
  --replace      thay thế dữ liệu đang có / in the place of what the database holds
Mã kết thúc / exit code: 0 xong done, 1 lỗi failed, 64 sai cách dùng usage
`;

export interface BackupArguments {
  out: string | undefined;
  results: boolean;
}

export interface RestoreArguments {
  path: string;
  replace: boolean;
}

export function parseBackupArguments(args: string[]): Result<BackupArguments> {
  try {
    const { values } = parseArgs({ args, options: { out: { type: 'string' }, 'no-results': { type: 'boolean' } } });
    return values.out === '' ? err('--out: a folder is expected') : ok({ out: values.out, results: !values['no-results'] });
  } catch (error) {
    return err((error as Error).message);
  }
}

export function parseRestoreArguments(args: string[]): Result<RestoreArguments> {
  try {
    const { values, positionals } = parseArgs({ args, options: { replace: { type: 'boolean' } }, allowPositionals: true });
    const [path, ...more] = positionals;
    return path && !more.length ? ok({ path, replace: values.replace ?? false }) : err('one backup is expected');
  } catch (error) {
    return err((error as Error).message);
  }
}
