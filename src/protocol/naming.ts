/**
 * Names the hot code adds to a module. Plugin and runtime agree on them through the record's `prefix`, because a patch
 * is evaluated in the scope of the running module and must call things what that scope calls them.
 */

/** Variable that holds the cell of a declared function. */
export function toCellVariable(prefix: string, name: string): string {
  return `${prefix}_c_${name}`
}

/** Name of a cell's implementation; stack traces show it without the prefix. */
export function toImplementationName(prefix: string, name: string): string {
  return `${name}${prefix}`
}
