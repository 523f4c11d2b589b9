/**
 * PostgreSQL text holds no NUL, jsonb neither that nor half a surrogate pair; peers send both. They become U+FFFD, so that one
 * odd byte of an endpoint does not cost us its whole result.
 */
export const storableText = (text: string): string => text.replace(/\0|\p{Surrogate}/gu, '\ufffd');

export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === 'string') return storableText(inner);
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, one]) => [storableText(key), one]));
  });
}
