import ts from 'typescript'

/**
 * How many cells a module has: functions it declares, function literals that stand directly in its statements, and of each
 * class the constructor, methods and accessors.
 */
export function countCells(source: string): number {
  let cells = 0
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionDeclaration(node) || ts.isArrowFunction(node) || ts.isFunctionExpression(node)) {
      cells += 1
      return
    }
    if (ts.isMethodDeclaration(node) || ts.isAccessor(node)) {
      cells += 1
      return
    }
    // Counted with its class, which has one also where it writes none.
    if (ts.isConstructorDeclaration(node)) return
    if (ts.isClassLike(node)) cells += 1
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('module.ts', source, ts.ScriptTarget.ESNext))
  return cells
}
