"""What the exit codes mean."""

OK = 0  # the audit ran
FINDINGS = 1  # only with --fail-on: findings reach the level
WRONG = 2  # the input or the rules were wrong
FAULT = 3  # our own fault
INTERRUPTED = 130  # as shells have it
