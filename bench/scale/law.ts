/** How a measure grows with a size: two ways of saying it, both fitted to medians by least squares. */
export interface Law {
  /** `y = fixed + each × x`. */
  readonly fixed: number
  readonly each: number
  /** `y ~ x^exponent`: 0 is flat, 1 is proportional. */
  readonly exponent: number
}

/** One size, and what was measured there. */
export type Point = readonly [x: number, y: number]

/** Nothing for fewer than two sizes: nothing grows then. */
export function fitLaw(points: readonly Point[]): Law | undefined {
  if (new Set(points.map(([x]) => x)).size < 2) return undefined
  // Relative errors count, or the largest size alone would decide what is said of the smallest.
  const linear = fitLine(points, ([, y]) => 1 / y ** 2)
  const { slope } = fitLine(points.map(([x, y]): Point => [Math.log(x), Math.log(y)]))
  return { fixed: linear.intercept, each: linear.slope, exponent: slope }
}

function fitLine(
  points: readonly Point[],
  weightOf: (point: Point) => number = () => 1,
): { readonly intercept: number; readonly slope: number } {
  const weights = points.map(weightOf)
  const total = sumOf(weights)
  const meanOf = (values: readonly number[]): number =>
    sumOf(values.map((value, index) => value * (weights[index] ?? 0))) / total
  const x = meanOf(points.map((point) => point[0]))
  const y = meanOf(points.map((point) => point[1]))
  const slope =
    meanOf(points.map((point) => (point[0] - x) * (point[1] - y))) / meanOf(points.map((point) => (point[0] - x) ** 2))
  return { intercept: y - slope * x, slope }
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
