/** The only variables whose values may sign a notice or open a mail server: no setting can make us send the password of the database. */
export const NOTICE_SECRET_VARIABLE = /^NOTICE_SECRET(_[A-Z0-9_]{1,60})?$/;

/** Read at each sending; never part of the configuration, which is printed and sent about. */
export function noticeSecret(name: string, env: Record<string, string | undefined> = process.env): string | undefined {
  return NOTICE_SECRET_VARIABLE.test(name) ? env[name] || undefined : undefined;
}
