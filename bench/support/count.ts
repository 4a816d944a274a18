/** An option that counts something. Throws for what is no whole number of at least `least`. */
export function parseCount(text: string, least = 1): number {
  const count = Number(text)
  if (!Number.isInteger(count) || count < least)
    throw new Error(`'${text}' is not a whole number of at least ${least}.`)
  return count
}
