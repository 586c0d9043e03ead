/**
 * Test files of functions alone: no engine, no process, nothing of this machine, and nothing in them that a later file would
 * find changed. They run one after another in a process that stays, where each would take longer to start than to run; all
 * others have a process of their own. `pure-tests.test.ts` names a file that must not be among them.
 */
export const pureTests = [
  'tests/bench/**/*.test.ts',
  'tests/docs/**/*.test.ts',
  'tests/llm/{data,graph,random,tokenizers}/**/*.test.ts',
  'tests/renderer/{app,components,format,jobs,runs,strings}/**/*.test.ts',
  'tests/renderer/screens/!(data)/**/*.test.ts',
  'tests/resources/**/*.test.ts',
  'tests/shared/**/*.test.ts',
];
