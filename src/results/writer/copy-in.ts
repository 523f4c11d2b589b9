import type pg from 'pg';

/** What pg's client gives a statement that speaks the protocol itself. */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(why: string): void;
}

/**
 * COPY ... FROM STDIN of rows that are all there already. No stream: a stream waits for answers that a broken or silent line never
 * gives, while this ends like any statement of pg, also by its time-out.
 */
class CopyIn implements pg.Submittable {
  constructor(
    private readonly statement: string,
    private readonly rows: Iterable<Buffer>,
    /** replaced by pg, so that its time-out is heard */
    public callback: (error: Error | null) => void,
  ) {}

  submit(connection: pg.Connection): void {
    (connection as unknown as CopyConnection).query(this.statement);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    try {
      for (const chunk of this.rows) connection.sendCopyFromChunk(chunk);
      connection.endCopyFrom();
    } catch (error) {
      // we are called by the socket: thrown on, an error of the encoder would end the process
      connection.sendCopyFail(String(error));
    }
  }

  // what the statements before the COPY answer; then the next message says that the session is ready again
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.callback(null);
  }

  handleError(error: Error): void {
    this.callback(error);
  }
}

/**
 * @param rows as COPY (FORMAT binary) wants them
 * @param before statements, each with its semicolon, of the same message: without a BEGIN they are one transaction with the COPY
 */
export function copyIn(
  client: pg.ClientBase,
  table: string,
  columns: string,
  rows: Iterable<Buffer>,
  before = '',
): Promise<void> {
  return new Promise((resolve, reject) => {
    const statement = `${before}COPY ${table} (${columns}) FROM STDIN (FORMAT binary)`;
    client.query(new CopyIn(statement, rows, (error) => (error ? reject(error) : resolve())));
  });
}
