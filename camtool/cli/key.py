"""`camtool key`: the site's signing key: make one, show it, replace it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO, cast

import typer

from camtool.cli.app import Command, command_app
from camtool.cli.i18n import _
from camtool.cli.passphrase import PassphraseFd, passphrase
from camtool.cli.session import Session
from camtool.core.timetext import rfc3339

if TYPE_CHECKING:
    from camtool.evidence.keys import KeyRecord

app = command_app()

# Longer than an office keeps a computer; a key that never ends cannot be told from one that was forgotten.
_DAYS_MOST = 20 * 366
ValidDays = Annotated[
    int | None,
    typer.Option("--valid-days", metavar="N", min=1, max=_DAYS_MOST, help=_("how long the key is good; five years")),
]


@app.callback()
def key() -> None:
    """Group the commands below."""


@app.command(
    cls=Command,
    help=_(
        "Make the site's key, which seals packages. It lies in the site's folder keys/, encrypted with a passphrase. "
        "Write its fingerprint into the office's register: whoever checks a package compares it with paper."
    ),
    epilog="  camtool key create",
)
def create(ctx: typer.Context, passphrase_fd: PassphraseFd = None, valid_days: ValidDays = None) -> None:
    """Make the first key."""
    from camtool.evidence.keys import create_key, refuse_second

    session: Session = ctx.obj
    refuse_second(_folder(session))
    words = passphrase(session, passphrase_fd, new=True, command="camtool key create")
    made = create_key(_folder(session), words, now_us=session.now_us, **_days(valid_days))
    _tell(session, made.record, ())


@app.command(
    cls=Command,
    help=_("Show the key's fingerprint, in groups of four and as a QR code, and the keys before it."),
    epilog="  camtool key show",
)
def show(
    ctx: typer.Context,
    public: Annotated[
        bool, typer.Option("--public", help=_("print the public key itself, PEM, and nothing else"))
    ] = False,
) -> None:
    """Show the key in use."""
    from camtool.evidence.keys import current, history

    session: Session = ctx.obj
    record = current(_folder(session))
    if public and not session.json:
        session.out.file.write(record.public_pem)
        return
    _tell(session, record, history(_folder(session))[:-1])


@app.command(
    cls=Command,
    help=_(
        "Replace the key by a new one with a passphrase of its own. The old public key stays in the history with the "
        "time it was retired: what it sealed before can still be checked."
    ),
    epilog="  camtool key rotate",
)
def rotate(ctx: typer.Context, passphrase_fd: PassphraseFd = None, valid_days: ValidDays = None) -> None:
    """Make the next key."""
    from camtool.evidence.keys import current, history, rotate_key

    session: Session = ctx.obj
    current(_folder(session))  # is there one?
    words = passphrase(session, passphrase_fd, new=True, command="camtool key rotate")
    made = rotate_key(_folder(session), words, now_us=session.now_us, **_days(valid_days))
    _tell(session, made.record, history(_folder(session))[:-1])


def _folder(session: Session) -> Path:
    from camtool.evidence.keys import KEYS_FOLDER

    return Path(session.site.folder, KEYS_FOLDER)


def _days(valid_days: int | None) -> dict[str, int]:
    return {} if valid_days is None else {"valid_days": valid_days}


def _tell(session: Session, record: "KeyRecord", before: "tuple[KeyRecord, ...]") -> None:
    if session.json:
        session.document({**_json(session, record), "history": [_json(session, each) for each in before]})
        return
    from camtool.evidence.keys import in_fours

    out = session.out
    digits = in_fours(record.fingerprint)
    out.print(_("Fingerprint of the key (SHA-256 of the public key):"))
    half = len(digits) // 2
    out.print(f"  {digits[:half].strip()}")
    out.print(f"  {digits[half:].strip()}")
    out.print(
        _("Good from {start} to {end}").format(
            start=_day(session, record.created_us), end=_day(session, record.expires_us)
        )
    )
    if record.expires_us <= session.now_us:
        out.print(_("This key has expired: it seals nothing more. Make a new one: camtool key rotate"))
    out.print()
    _qr(session, record.fingerprint)
    for each in reversed(before):
        text = _("Before: {fingerprint}, from {start} to {end}")
        start, end = _day(session, each.created_us), _day(session, each.retired_us or each.expires_us)
        out.print(text.format(fingerprint=in_fours(each.fingerprint), start=start, end=end))
    out.print(_("Write the fingerprint into the office's register, and give it to those who will check, on paper."))


def _qr(session: Session, digits: str) -> None:
    """Draw a QR code with half blocks, dark on light whatever the terminal's colours; plain where there is none."""
    import segno

    code = segno.make(digits.upper(), error="m", micro=False)
    if session.out.is_terminal and not session.out.no_color:
        code.terminal(out=cast(TextIO, session.out.file), compact=True, border=2)
        return
    rows = [list(row) for row in code.matrix_iter(border=2)]
    rows += [[0] * len(rows[0])] * (len(rows) % 2)
    for upper, lower in zip(rows[::2], rows[1::2], strict=True):
        # Without colours the light modules are drawn: most terminals are dark, and readers take both.
        session.out.print(
            "".join(" ▄▀█"[2 * (not top) + (not bottom)] for top, bottom in zip(upper, lower, strict=True))
        )


def _day(session: Session, instant_us: int) -> str:
    return session.time(instant_us // 1_000_000 * 1_000_000)


def _json(session: Session, record: "KeyRecord") -> dict[str, Any]:
    return {
        "fingerprint": record.fingerprint,
        "public_key": record.public_pem,
        "created": rfc3339(record.created_us, session.zone),
        "expires": rfc3339(record.expires_us, session.zone),
        "retired": None if record.retired_us is None else rfc3339(record.retired_us, session.zone),
    }
