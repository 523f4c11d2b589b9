// Counts what a test run reported. Pure: report in, counts and names out.

/**
 * @param report what `jest --json` wrote
 * A suite that could not even be loaded counts as one failed test: its own tests are not in the report.
 */
export function summarizeJest(report) {
  const summary = emptySummary();
  for (const suite of report.testResults) {
    const broken = suite.status === 'failed' && suite.assertionResults.every(({ status }) => status !== 'failed');
    if (broken) summary.failed += 1;
    for (const { status, fullName } of suite.assertionResults) {
      if (status === 'passed') summary.passed += 1;
      else if (status === 'failed') summary.failed += 1;
      else summary.skipped.push(fullName);
    }
  }
  return summary;
}

/**
 * @param report what Playwright's json reporter wrote
 * A flaky test counts as failed: it has not passed the first time. Errors outside any test count as one each.
 */
export function summarizePlaywright(report) {
  const summary = emptySummary();
  summary.failed += report.errors.length;
  for (const { spec, name } of report.suites.flatMap((suite) => specsOf(suite, []))) {
    for (const { status } of spec.tests) {
      if (status === 'expected') summary.passed += 1;
      else if (status === 'skipped') summary.skipped.push(name);
      else summary.failed += 1;
    }
  }
  return summary;
}

/** Every test that `playwright test --list` names, as skipped. */
export function allSkipped(listing) {
  return { ...emptySummary(), skipped: listing.suites.flatMap((suite) => specsOf(suite, [])).map(({ name }) => name) };
}

export function addSummaries(summaries) {
  return summaries.reduce(
    (sum, { passed, failed, skipped }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: [...sum.skipped, ...skipped],
    }),
    emptySummary(),
  );
}

export const summaryLine = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped.length} skipped`;

export const emptySummary = () => ({ passed: 0, failed: 0, skipped: [] });

function specsOf(suite, titles) {
  const path = [...titles, suite.title];
  return [
    ...(suite.specs ?? []).map((spec) => ({ spec, name: [...path, spec.title].join(' ') })),
    ...(suite.suites ?? []).flatMap((inner) => specsOf(inner, path)),
  ];
}
