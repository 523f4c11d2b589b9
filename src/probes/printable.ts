/** What a peer wrote must not command the terminal that shows it. */
export const printable = (line: string): string => line.replace(/[\p{Cc}\p{Cf}]/gu, '\u{fffd}');
