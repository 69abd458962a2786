"""Facts and Problems of files that cannot be used, or not wholly, in one place."""

from camtool.core.model import MediaFacts, State
from camtool.core.problem import Problem, ProblemKind

# No recording is ten years long: a larger number is damage, and would not fit where it is stored.
LONGEST_US = 10 * 366 * 86_400 * 1_000_000


def unreadable(detail: str, container: str | None = None, problems: tuple[Problem, ...] = ()) -> MediaFacts:
    """Build the facts of a file that no picture can be read from; problems are those known already."""
    problems += (Problem(ProblemKind.UNREADABLE, facts={"detail": detail}),)
    return MediaFacts(State.UNREADABLE, container=container, problems=problems)


def not_video(found: str) -> MediaFacts:
    """Build the facts of a file that is something else."""
    return MediaFacts(State.UNREADABLE, problems=(Problem(ProblemKind.NOT_VIDEO, facts={"found": found}),))


def not_a_file(found: str) -> MediaFacts:
    """Build the facts of a folder, a pipe, a device."""
    return MediaFacts(State.UNREADABLE, problems=(Problem(ProblemKind.NOT_A_FILE, facts={"found": found}),))


def truncated(present_bytes: int, expected_bytes: int) -> Problem:
    """Build the Problem of a file that breaks off."""
    facts = {"present_bytes": present_bytes, "expected_bytes": expected_bytes}
    return Problem(ProblemKind.TRUNCATED, facts=facts)


def content_mismatch(suffix: str, found: str) -> Problem:
    """Build the Problem of a name that ends like another kind of video."""
    facts = {"suffix": suffix, "found": found}
    return Problem(ProblemKind.CONTENT_MISMATCH, facts=facts)
