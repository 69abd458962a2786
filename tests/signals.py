"""How a child is started that a test is going to interrupt."""

import signal


def listening() -> None:
    """Give SIGINT back its meaning, as preexec_fn: a test run that a shell put in the background has it ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
