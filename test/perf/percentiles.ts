const quantile = (sorted: readonly number[], q: number): string =>
  (sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0).toFixed(2);

/** Prints percentiles of milliseconds. Sorts `samples`. */
export function percentiles(name: string, samples: number[]): void {
  samples.sort((a, b) => a - b);
  console.log(
    `${name}: median ${quantile(samples, 0.5)} ms, p95 ${quantile(samples, 0.95)} ms, p99 ${quantile(samples, 0.99)} ms, worst ${quantile(samples, 1)} ms (${samples.length} samples)`,
  );
}
