"""The progress bar of long jobs: files a second, time left. On a terminal only, and never with --json or -q."""

from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Self

from camtool.cli.session import Session

if TYPE_CHECKING:
    from rich.progress import Progress


class Bar:
    """A context that counts steps; draws nothing where nobody looks.

    steady: the steps come in lumps, so the time left is told by the mean speed since the beginning, not by the last
    seconds'.
    """

    def __init__(self, session: Session, title: str, total: int | None, *, steady: bool = False) -> None:
        self.session, self.title, self.total, self.steady = session, title, total, steady
        self.progress: Progress | None = None

    @staticmethod
    def wanted(session: Session) -> bool:
        """Tell whether a person looks at the messages."""
        return session.err.is_terminal and not session.json and not session.options.quiet

    def __enter__(self) -> Self:
        if self.wanted(self.session):
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            self.progress = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[rate]}"),
                TextColumn("{task.fields[left]}") if self.steady else TimeRemainingColumn(),
                console=self.session.err,
                transient=True,
            )
            self.task = self.progress.add_task(self.title, total=self.total, rate="", left="-:--:--")
            self.progress.start()
        return self

    def reach(self, done: int, total: int | None = None, rate: str = "") -> None:
        """Show that so many are done, of so many if that is known now, at what rate."""
        if self.progress is not None:
            self.progress.update(self.task, completed=done, total=total or self.total, rate=rate)
            task = self.progress.tasks[0]
            if self.steady and done and task.elapsed and task.total:
                left_s = int(task.elapsed * (task.total - done) / done)
                self.progress.update(self.task, left=str(timedelta(seconds=left_s)))

    def step(self, _item: object = None) -> None:
        """Count one."""
        if self.progress is not None:
            task = self.progress.tasks[0]
            rate = f"{task.speed:,.0f}/s" if task.speed else ""
            self.progress.update(self.task, advance=1, rate=rate)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.progress is not None:
            self.progress.stop()
