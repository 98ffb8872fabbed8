#!/usr/bin/env python3
"""Runs the tests of the nginx module: all of them, or those of the subjects that are named.

    run.py                     all
    run.py bodies directives   tests of test_bodies.py and test_directives.py

The last line has the counts. A run of nothing fails.
"""

import sys
import time
import unittest
from pathlib import Path

sys.dont_write_bytecode = True  # the source tree stays as it is
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))


class Result(unittest.TextTestResult):
    """Says how long each test took."""

    def startTest(self, test):
        self.began = time.monotonic()
        super().startTest(test)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.stream.writeln(f"    {time.monotonic() - self.began:.1f} s")


def main(subjects):
    loader, suite = unittest.TestLoader(), unittest.TestSuite()
    for path in sorted(HERE.glob("test_*.py")):
        if not subjects or path.stem.removeprefix("test_") in subjects:
            suite.addTests(loader.loadTestsFromName(path.stem))
    runner = unittest.TextTestRunner(stream=sys.stdout, verbosity=2, resultclass=Result, warnings="error")
    result = runner.run(suite)
    failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    skipped = len(result.skipped)
    print(f"nginx: {result.testsRun} tests, {failed} failed, {skipped} skipped")
    return 0 if result.testsRun and not failed and not skipped else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
