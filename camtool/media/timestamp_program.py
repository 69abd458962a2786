"""A time-stamp by a local authority: `openssl ts -reply` with a configuration file of one's own."""

import subprocess
import tempfile
from pathlib import Path

from camtool.errors import ProgramMissing, StampUnreachable, mark

PROGRAM = "openssl"
_PATIENCE_S = 60
_REMEDY = mark("install openssl, or name a time-stamp authority by its address: --timestamp http://…")


def openssl_reply(config: Path, request: bytes) -> bytes:
    """Ask `openssl ts -reply -config CONFIG` and return its reply (DER). Raises ProgramMissing, StampUnreachable.

    The configuration's relative paths (serial, signer_cert …) count from its own folder. It must not ask for -chain:
    such replies are not in the order that RFC 3161 readers want.
    """
    with tempfile.TemporaryDirectory() as folder:
        query = Path(folder, "request.tsq")
        query.write_bytes(request)
        command = [PROGRAM, "ts", "-reply", "-config", str(config.absolute()), "-queryfile", str(query)]
        try:
            done = subprocess.run(
                command,
                cwd=config.absolute().parent,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                timeout=_PATIENCE_S,
            )
        except FileNotFoundError as error:
            raise ProgramMissing(program=PROGRAM, remedy=_REMEDY) from error
        except subprocess.TimeoutExpired as error:
            raise StampUnreachable(where=config, detail=f"> {_PATIENCE_S} s") from error
    if done.returncode or not done.stdout:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise StampUnreachable(where=config, detail=lines[-1] if lines else f"{PROGRAM}: {done.returncode}")
    return done.stdout
