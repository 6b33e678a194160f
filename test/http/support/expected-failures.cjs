// A test environment in which the tests that globalThis.expectedFailures names pass when they fail, and fail when they
// pass, as `it.failing` does. For suites of others, whose calls of `it` we cannot change.
const { TestEnvironment } = require('jest-environment-node');

function testsOf(block) {
  return block.children.flatMap((child) => (child.type === 'test' ? [child] : testsOf(child)));
}

/** Such as `integration tests httpServerTests.ts graphqlHTTP can handle a basic request`. */
function nameOf({ name, parent }) {
  return parent === undefined || parent.name === 'ROOT_DESCRIBE_BLOCK' ? name : `${nameOf(parent)} ${name}`;
}

module.exports = class extends TestEnvironment {
  handleTestEvent({ name }, { rootDescribeBlock }) {
    if (name !== 'run_start') return;
    const tests = testsOf(rootDescribeBlock);
    const expected = new Set(this.global.expectedFailures);
    for (const test of tests) if (expected.has(nameOf(test))) test.failing = true;
    this.global.testNames = tests.filter(({ mode }) => mode !== 'skip').map(nameOf);
  }
};
