import ts from 'typescript'

/** The plain JavaScript of a TypeScript module, for `node --watch`: `./a.ts` is imported as `./a.js`. */
export function stripTypes(source: string): string {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ESNext,
      verbatimModuleSyntax: true,
      rewriteRelativeImportExtensions: true,
    },
  })
  return outputText
}
