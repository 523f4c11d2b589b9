/** What a tile shows: "Xã Tây Cốc" -> "Tây Cốc", "Phường Phú Thọ" -> "P. Phú Thọ", so that a ward keeps apart from a province. */
export function shortSiteName(siteName: string): string {
  const name = siteName.normalize('NFC').trim();
  const [, kind, rest] = /^(xã|phường)\s+(.+)$/iu.exec(name) ?? [];
  if (!kind || !rest) return name;
  return kind.toLowerCase() === 'phường' ? `P. ${rest}` : rest;
}
