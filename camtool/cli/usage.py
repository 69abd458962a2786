"""What was typed wrong, in our own words: Typer's parser speaks only English, and of its own types."""

import re
from typing import Any

from camtool.errors import (
    BadValue,
    CamtoolError,
    CannotRead,
    GivenTwice,
    MissingValue,
    NeedsCommand,
    NotOneOf,
    TakesNoValue,
    UnexpectedWords,
    UnknownOption,
    ValueLeftOut,
)

# How typer < 0.29 (its _click/core.py, parser.py, types.py) words what it refuses; tests/cli/test_outside.py has each.
_EXTRA = re.compile(r"Got unexpected extra arguments?\(?s?\)? \((.*)\)", re.DOTALL)
_REFUSED = re.compile(r"(?:'(.*)' is not |(.+?) is not in the range)", re.DOTALL)
# `-2h` and `-30m` are times; no option of ours begins with a digit.
_DASHED = re.compile(r"-\d.*", re.DOTALL)


def usage_problem(error: Exception) -> CamtoolError | None:
    """Return what Typer's parser raised as one of our own errors, so that it is said in the chosen language."""
    name = type(error).__name__
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "camtool"
    message = str(getattr(error, "message", ""))
    if name == "NoSuchOption":
        return UnknownOption(command=command, option=getattr(error, "option_name", ""))
    if name == "BadOptionUsage":
        kind = TakesNoValue if "does not take" in message else ValueLeftOut
        return kind(command=command, option=getattr(error, "option_name", ""))
    if name == "MissingParameter":
        return MissingValue(command=command, parameter=_shown(error))
    if name == "BadParameter":
        return _bad_value(error, command, message)
    if name in ("UsageError", "BadArgumentUsage", "NoArgsIsHelpError"):
        return _unfit(command, message, context)
    return None


def check_given_once(command: Any, context: Any, arguments: list[str]) -> None:
    """Refuse an option that was given twice where only one counts: `cut -c 3 -c 5` would cut 5. Raises GivenTwice."""
    _values, _rest, order = command.make_parser(context).parse_args(list(arguments))
    single = [p for p in order if p.param_type_name == "option" and not p.multiple and not p.is_flag]
    for parameter in single:
        if single.count(parameter) > 1:
            raise GivenTwice(command=context.command_path, option=parameter.opts[0])


def times_last(command: Any, arguments: list[str]) -> list[str]:
    """Move words such as `-2h` that are no option's value behind `--`, so that they are not read as options."""
    options = [p for p in command.params if p.param_type_name == "option" and not p.is_flag]
    take_value = {name for parameter in options for name in parameter.opts}
    given, before = list(arguments), ""
    tail = given[given.index("--") + 1 :] if "--" in given else []
    kept: list[str] = []
    moved: list[str] = []
    for word in given[: given.index("--")] if "--" in given else given:
        (moved if _DASHED.fullmatch(word) and before not in take_value else kept).append(word)
        before = word
    return [*kept, "--", *moved, *tail] if moved or tail else kept


def _shown(error: Exception) -> str:
    parameter = getattr(error, "param", None)
    if parameter is None:
        return str(getattr(error, "param_hint", ""))
    if parameter.param_type_name == "option":
        return str(parameter.opts[0])
    return str(parameter.get_error_hint(getattr(error, "ctx", None)).strip("'"))


def _bad_value(error: Exception, command: str, message: str) -> CamtoolError:
    refused = _REFUSED.match(message)
    value = (refused[1] if refused[1] is not None else refused[2]) if refused else message
    choices = getattr(getattr(getattr(error, "param", None), "type", None), "choices", None)
    if choices:
        known = ", ".join(str(getattr(choice, "value", choice)) for choice in choices)
        return NotOneOf(command=command, parameter=_shown(error), value=value, known=known)
    return BadValue(command=command, parameter=_shown(error), value=value)


def _unfit(command: str, message: str, context: Any) -> CamtoolError:
    if (extra := _EXTRA.match(message)) is not None:
        return UnexpectedWords(command=command, words=extra[1])
    if message.startswith("Missing command") and context is not None:
        return NeedsCommand(command=command, known=", ".join(context.command.list_commands(context)))
    return CannotRead(command=command, detail=message)
