"""The ffmpeg that draws: the one that imageio-ffmpeg carries, or the one that CAMTOOL_FFMPEG names.

A graph is put together with ffmpeg-python and run here, because a full disk, a program that is not there and a program
that gave up are different news to whoever waits for the film.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING

import imageio_ffmpeg

from camtool.errors import DiskFull, ProgramFailed, ProgramMissing, mark

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VARIABLE = "CAMTOOL_FFMPEG"
REMEDY = mark("install camtool anew (it brings imageio-ffmpeg), or name an ffmpeg in CAMTOOL_FFMPEG")
# How libav words ENOSPC; it asks strerror, and ffmpeg never sets a locale.
_FULL = "No space left on device"


def ffmpeg_program() -> str:
    """Return the ffmpeg to be used. Raises ProgramMissing where none is to be had."""
    named = os.environ.get(VARIABLE)
    if named:
        return named
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise ProgramMissing(program="ffmpeg", remedy=REMEDY) from error


@lru_cache(maxsize=4)
def ffmpeg_version() -> str:
    """Return the version that ffmpeg states. Raises ProgramMissing, ProgramFailed."""
    program = ffmpeg_program()
    first = run([program, "-version"], Path(program)).decode("utf-8", "replace").split("\n", 1)[0]
    return first.removeprefix("ffmpeg version ").split(" Copyright", 1)[0]


def run(command: Sequence[str], out: Path) -> bytes:
    """Run a program to its end and return what it printed. Raises ProgramMissing, ProgramFailed, DiskFull."""
    with tempfile.TemporaryFile() as said:
        try:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, check=False)
        except OSError as error:
            raise ProgramMissing(program=command[0], remedy=REMEDY) from error
        if done.returncode:
            raise _why(command[0], said, out)
    return done.stdout


class Feed:
    """The program's standard input, for raw pictures."""

    __slots__ = ("_pipe",)

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe

    @property
    def file(self) -> IO[bytes]:
        """The pipe itself, for a muxer that writes into it."""
        return self._pipe

    def write(self, picture: "NDArray[np.uint8]") -> None:
        """Hand over one picture, contiguous. Raises BrokenPipeError where the program has ended."""
        self._pipe.write(picture.data)


@contextmanager
def feeding(command: Sequence[str], out: Path) -> Iterator[Feed]:
    """Start a program that writes `out` from what it is fed; on leaving, wait for its end.

    On any exception the program is killed. Raises ProgramMissing, ProgramFailed, DiskFull.
    """
    with tempfile.TemporaryFile() as said:
        try:
            # Its own words go to a file: a pipe that nobody reads could stop it.
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said)
        except OSError as error:
            raise ProgramMissing(program=command[0], remedy=REMEDY) from error
        if process.stdin is None:  # never, with PIPE
            raise ProgramMissing(program=command[0], remedy=REMEDY)
        try:
            try:
                yield Feed(process.stdin)
                process.stdin.close()
            except BrokenPipeError:
                pass  # it ended by itself; its exit code and words say why
            if process.wait() != 0:
                raise _why(command[0], said, out)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            _close(process.stdin)


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except OSError:
        return  # what was still in the buffer has no reader any more


def _why(program: str, said: IO[bytes], out: Path) -> ProgramFailed | DiskFull:
    said.seek(0)
    lines = [line.strip() for line in said.read().decode("utf-8", "replace").splitlines() if line.strip()]
    if any(_FULL in line for line in lines):
        return DiskFull(path=out)
    return ProgramFailed(program=Path(program).name, detail=lines[0] if lines else "?")
