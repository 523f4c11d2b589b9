/** The only variables whose values may go to an endpoint: no option can make us send the password of the database. */
export const SIP_PASSWORD_VARIABLE = /^SIP_PASSWORD(_[A-Z0-9_]{1,60})?$/;

/** Read at each call and handed to the prober process; never part of the configuration, which is printed and sent about. */
export function sipPasswords(env: Record<string, string | undefined> = process.env): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) if (value && SIP_PASSWORD_VARIABLE.test(name)) found[name] = value;
  return found;
}
