// Prints `<passed> <failed>` for a report of vitest's JSON reporter, given the code vitest exited with.
// Throws if there is no report, or one without a single test.
import { readFileSync } from 'node:fs'

const [file, status] = process.argv.slice(2)
const report = JSON.parse(readFileSync(file, 'utf8'))
const tests = report.testResults.flatMap((one) => one.assertionResults)
if (tests.length === 0) throw new Error('The report names no test.')

const passed = tests.filter((test) => test.status === 'passed').length
const failedTests = tests.filter((test) => test.status === 'failed').length
// A file that does not load has no tests in the report, and fails all the same.
const failedFiles = report.testResults.filter(
  (one) => one.status === 'failed' && one.assertionResults.every((test) => test.status !== 'failed'),
).length
const failed = failedTests + failedFiles
// An error outside of tests shows in the exit code only.
console.log(passed, status !== '0' && failed === 0 ? 1 : failed)
