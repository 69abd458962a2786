"""A layout out of a template: one line of site.toml for a recorder that no module here knows.

    ch%c/%Y-%m-%d/%H.%M.%S-%EH.%EM.%ES.mp4
    utc:%YY%mM%dD%HH/%*%MM%SS%*.mp4

A code is compiled into a named group; the same code twice has to say the same twice. docs/layouts.md lists the codes.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping

from camtool.core.claim import Claim, Layout
from camtool.errors import BadTemplate, mark
from camtool.layouts.parts import channel_text, clock_end, epoch, wall

NAME = "template"
UTC_PREFIX = "utc:"

# What each code reads. The letters are strftime's, %s (epoch seconds) GNU date's, %Q (epoch milliseconds) D3's.
_TIMES: Mapping[str, str] = {
    "Y": "[0-9]{4}",
    "y": "[0-9]{2}",
    "m": "[0-9]{2}",
    "d": "[0-9]{2}",
    "H": "[0-9]{2}",
    "I": "[0-9]{1,2}",
    "p": "[AaPp][Mm]",
    "M": "[0-9]{2}",
    "S": "[0-9]{2}",
    "f": "[0-9]{1,6}",
    "s": "[0-9]{9,10}",
    "Q": "[0-9]{12,13}",
}
_FREE = "[^/]+"
_CODE = re.compile(r"%(E[A-Za-z]?|.|\Z)", re.DOTALL)
# Each free code (%c, %*) multiplies the ways a name of 255 bytes can be split: three in one part are 10^6 at worst.
_MOST_FREE = 3
_PIVOT = 2000  # %y: no recorder of digital video is older


def template_layout(template: str) -> Layout:
    """Return the layout that reads names as template writes them, for the last parts of a path.

    Letters are compared in NFC, the suffix without regard to case. Raises BadTemplate for a code that does not exist,
    a start or an end that cannot be put together, and for parts of a path that no path has.
    """
    utc = template.startswith(UTC_PREFIX)
    body = unicodedata.normalize("NFC", template[len(UTC_PREFIX) :] if utc else template)
    parts = body.split("/")
    if any(part in {"", ".", ".."} for part in parts):
        raise BadTemplate(template=template, detail=mark("it has an empty part, or one that is only dots"))
    if "\\" in body:
        raise BadTemplate(template=template, detail=mark("folders are separated by / and not by \\"))
    codes: list[str] = []
    compiled = [
        _compile_part(template, part, codes, last=part_no == len(parts)) for part_no, part in enumerate(parts, 1)
    ]
    _check_codes(template, frozenset(codes))
    pattern, tail = re.compile("/".join(compiled)), len(parts)

    def claim(path: str) -> Claim | None:
        text = channel_text("/".join(path.rsplit("/", tail)[-tail:]))
        match = pattern.fullmatch(text)
        return _read(match.groupdict(), tail=tail, utc=utc) if match else None

    return Layout(name=NAME, title=template, source="site.toml", claim=claim, samples=(), foreign=())


def _compile_part(template: str, part: str, codes: list[str], *, last: bool) -> str:
    """Return the pattern of one part of the path; the codes it uses are added to codes."""
    stem, dot, suffix = part.rpartition(".") if last else (part, "", "")
    if not dot or "%" in suffix:
        stem, dot, suffix = part, "", ""
    pattern, at, free_at, free = "", 0, -1, 0
    for match in _CODE.finditer(stem):
        code = match[1]
        pattern += re.escape(stem[at : match.start()])
        at = match.end()
        if code == "%":
            pattern += "%"
            continue
        if code in {"*", "c"}:
            if free_at == match.start():
                raise BadTemplate(template=template, detail=mark("two of %c and %* stand side by side"))
            free_at, free = at, free + 1
        pattern += _group(_known(template, code), codes)
    if free > _MOST_FREE:
        raise BadTemplate(template=template, detail=mark("more than three of %c and %* in one part"))
    return pattern + re.escape(stem[at:]) + (rf"(?i:\.{re.escape(suffix)})" if dot else "")


def _known(template: str, code: str) -> str:
    if code in {"*", "c"} or code.removeprefix("E") in _TIMES:
        return code
    raise BadTemplate(template=template, detail=mark("there is no code {code}").format(code=f"%{code}"))


def _group(code: str, codes: list[str]) -> str:
    if code == "*":
        return f"(?:{_FREE})"
    if code in codes:
        return f"(?P={code})"
    codes.append(code)
    return f"(?P<{code}>{_FREE if code == 'c' else _TIMES[code.removeprefix('E')]})"


def _check_codes(template: str, codes: frozenset[str]) -> None:
    start = codes & _TIMES.keys()
    end = frozenset(code[1:] for code in codes if code.startswith("E"))
    detail = _missing(start) or (mark("it needs %Y %m %d %H %M, or %s or %Q") if not start else "")
    if not detail and "M" in start and "d" not in start:
        detail = mark("it needs year, month and day")
    if not detail and (detail := _missing(end)):
        detail += " (%E)"
    if not detail and "M" in end and "d" not in end and "d" not in start:
        detail = mark("an end without a date needs a start with one, beside %s or %Q")
    if detail:
        raise BadTemplate(template=template, detail=detail)


def _missing(has: frozenset[str]) -> str:
    """Return what keeps the codes of a start or an end from being a moment, or the empty text."""
    if {"Y", "y"} <= has or {"H", "I"} <= has or {"s", "Q"} <= has:
        return mark("%Y and %y, %H and %I, %s and %Q exclude each other")
    if ("I" in has) != ("p" in has):
        return mark("%I and %p belong together")
    clock, date = has - {"s", "Q"}, has & {"Y", "y", "m", "d"}
    if clock and not ({"H", "M"} <= clock or {"I", "M"} <= clock):
        return mark("it needs an hour and a minute")
    if date and len(date) < len("Ymd"):
        return mark("it needs year, month and day")
    return mark("%f needs %S") if "f" in has and "S" not in has else ""


def _read(groups: Mapping[str, str | None], *, tail: int, utc: bool) -> Claim | None:
    texts = {code: text for code, text in groups.items() if text is not None}
    ends = {code[1:]: text for code, text in texts.items() if code.startswith("E")}
    start, end = _moment(texts), _moment(ends)
    end_clock_only = "M" in ends and "d" not in ends
    if end_clock_only and start:
        end = _next_time(start, ends)
    if ("M" in texts and not start) or ("M" in ends and not end):
        return None
    start_utc, end_utc = _epoch(texts), _epoch(ends)
    if utc:
        # An epoch number says the same with more weight; beside it the other is left out.
        start_utc, end_utc = start_utc or _as_utc(start), end_utc or _as_utc(end)
        start, end, end_clock_only = None, None, False
    return Claim(
        NAME,
        start_local=start,
        end_local=end,
        start_utc=start_utc,
        end_utc=end_utc,
        channel=texts.get("c"),
        tail=tail,
        end_clock_only=end_clock_only,
    )


def _moment(texts: Mapping[str, str]) -> dt.datetime | None:
    if "d" not in texts:
        return None
    year = texts["Y"] if "Y" in texts else str(_PIVOT + int(texts["y"]))
    moment = wall(year, texts["m"], texts["d"], _hour(texts), texts["M"], texts.get("S", "0"))
    return moment.replace(microsecond=_microsecond(texts)) if moment else None


def _next_time(start: dt.datetime, texts: Mapping[str, str]) -> dt.datetime | None:
    end = clock_end(start, _hour(texts), texts["M"], texts.get("S", "0"))
    return end.replace(microsecond=_microsecond(texts)) if end else None


def _hour(texts: Mapping[str, str]) -> str:
    """Return the hour of the day; "24", which no clock has, for an hour of twelve that is out of its range."""
    if "H" in texts:
        return texts["H"]
    hour = int(texts["I"])
    return str(hour % 12 + (12 if texts["p"].lower() == "pm" else 0)) if 1 <= hour <= 12 else "24"


def _microsecond(texts: Mapping[str, str]) -> int:
    return int(texts.get("f", "0").ljust(6, "0"))


def _epoch(texts: Mapping[str, str]) -> dt.datetime | None:
    if "s" in texts:
        return epoch(texts["s"])
    return epoch(texts["Q"], 1000) if "Q" in texts else None


def _as_utc(moment: dt.datetime | None) -> dt.datetime | None:
    return moment.replace(tzinfo=dt.UTC) if moment else None
