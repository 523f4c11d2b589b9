/** What a tile shows: "Xã Tây Cốc" -> "Tây Cốc", "Phường Phú Thọ" -> "P. Phú Thọ", so that a ward keeps apart from a province. */
export function shortSiteName(siteName: string): string {
  const name = siteName.normalize('NFC').trim();
  return name.replace(/^xã\s+(?=\S)/iu, '').replace(/^phường\s+(?=\S)/iu, 'P. ');
}
