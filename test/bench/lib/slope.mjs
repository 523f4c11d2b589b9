/** Least squares: by how much `key` rises in an hour. */
export function slopePerHour(samples, key) {
  const mean = (of) => samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const meanHours = mean(({ hours }) => hours);
  const meanValue = mean((sample) => sample[key]);
  const covariance = mean((sample) => (sample.hours - meanHours) * (sample[key] - meanValue));
  return covariance / mean(({ hours }) => (hours - meanHours) ** 2);
}
