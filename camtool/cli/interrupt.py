"""Ctrl-C that cannot get lost.

Python raises KeyboardInterrupt wherever it is at work. Inside a callback (a finalizer, SQLite's own calls) it is
printed and forgotten, or comes out as another error. So the first one is remembered, and where timers exist it is
raised again every few seconds until the command has ended.
"""

import signal
from types import FrameType

# Longer than the cleaning up after an interrupt takes: a temporary file removed, workers sent home.
AGAIN_S = 5.0


class Interrupts:
    """Knows whether the run was interrupted."""

    def __init__(self) -> None:
        self.seen = False

    def listen(self) -> None:
        """Take over SIGINT; the main thread only, before any command.

        Not where it comes ignored: a script put this run in the background, and the Ctrl-C is meant for the script.
        """
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
            return
        signal.signal(signal.SIGINT, self._on_signal)
        if hasattr(signal, "SIGALRM"):
            signal.signal(signal.SIGALRM, self._on_signal)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.seen = True
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, AGAIN_S, AGAIN_S)
        raise KeyboardInterrupt

    def end(self) -> None:
        """All is done and said: from now on Ctrl-C would only spoil the exit code."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)


INTERRUPTS = Interrupts()
