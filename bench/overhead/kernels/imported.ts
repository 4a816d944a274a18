export function addImported(a: number, b: number): number {
  return (a + b) | 0
}
