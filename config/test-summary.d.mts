export interface TestSummary {
  passed: number;
  failed: number;
  /** full names */
  skipped: string[];
}

export function summarizeJest(report: unknown): TestSummary;
export function summarizePlaywright(report: unknown): TestSummary;
export function allSkipped(listing: unknown): TestSummary;
export function addSummaries(summaries: TestSummary[]): TestSummary;
export function summaryLine(summary: TestSummary): string;
export function emptySummary(): TestSummary;
