/**
 * Runs jest as often as it is asked to. A process of its own for each of hundreds of runs would spend most of its time
 * on loading jest.
 */
const { runCLI } = require('jest');

const TESTS_ONLY = { runInBand: true, ci: true, silent: true, reporters: [], coverage: false };

process.on('message', async ({ config, rootDir, test, only }) => {
  try {
    const asked = {
      ...TESTS_ONLY,
      $0: 'jest',
      _: [test],
      runTestsByPath: true,
      config: JSON.stringify(config),
      ...(only !== undefined && { testNamePattern: only }),
    };
    const { results } = await runCLI(asked, [rootDir]);
    const [result] = results.testResults;
    process.send({
      message: result === undefined ? 'No file was run.' : (result.failureMessage ?? ''),
      tests: (result?.testResults ?? []).map(({ fullName, status }) => ({ fullName, status })),
      memory: process.memoryUsage.rss(),
    });
  } catch (error) {
    process.send({ message: String(error?.stack ?? error), tests: [], memory: Infinity });
  }
});

// Ends with the process that asks.
process.on('disconnect', () => process.exit());
