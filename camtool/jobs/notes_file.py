"""A file of notes, read as YAML with every value as the text that was typed.

YAML by itself takes `no` for false, 1:30 for 90 and keeps the last of two equal words; here nothing is taken for
anything, and a word that stands twice is an error. Anchors are refused: a small file of them can unfold into gigabytes.
"""

from pathlib import Path
from typing import Any

import yaml

from camtool.core.notes import Note
from camtool.core.notes_text import Unread, Why, notes_of
from camtool.errors import BadNotes, NoSuchFile, NotAFile, NotAllowed, mark

# Five hundred notes with a hundred places each.
_MOST_BYTES = 4 << 20


def read_notes(path: Path) -> tuple[Note, ...]:
    """Return the notes of a file. Raises BadNotes, NoSuchFile, NotAFile, NotAllowed."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise NoSuchFile(path=path) from error
    except IsADirectoryError as error:
        raise NotAFile(path=path) from error
    except OSError as error:
        raise NotAllowed(path=path, detail=error.strerror or error) from error
    if len(raw) > _MOST_BYTES:
        raise BadNotes(path=path, why=Why(mark("more than {most} notes"), {"most": 500}))
    try:
        document = _plain(raw.decode("utf-8-sig"))
        return notes_of(document)
    except UnicodeDecodeError as error:
        raise BadNotes(path=path, why=Why(mark("it is not UTF-8 text"))) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise BadNotes(
            path=path, why=Why(mark("line {line}: {detail}"), {"line": line, "detail": error.problem})
        ) from error
    except yaml.YAMLError as error:
        raise BadNotes(path=path, why=Why("{detail}", {"detail": str(error)})) from error
    except RecursionError as error:
        raise BadNotes(path=path, why=Why(mark("it holds no list of notes"))) from error
    except Unread as error:
        why = error.why
        if error.number:
            why = Why(mark("note {number}: {why}"), {"number": error.number, "why": error.why})
        raise BadNotes(path=path, why=why) from error


def _plain(text: str) -> object:
    """Return a document as lists, mappings and texts. Raises yaml.YAMLError, Unread."""
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise Unread(0, Why(mark("line {line}: anchors (& and *) are not read here"), _line(event.start_mark)))
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    return None if node is None else _value(node)


def _value(node: yaml.Node) -> object:
    if isinstance(node, yaml.SequenceNode):
        return [_value(each) for each in node.value]
    if isinstance(node, yaml.MappingNode):
        table: dict[str, object] = {}
        for key, value in node.value:
            word = _value(key)
            if not isinstance(word, str) or word in table:
                text = mark('line {line}: the word "{word}" stands twice, or is not one word')
                raise Unread(0, Why(text, _line(key.start_mark) | {"word": str(word)}))
            table[word] = _value(value)
        return table
    return str(node.value)


def _line(mark_of: Any) -> dict[str, object]:  # noqa: ANN401 - PyYAML has two kinds of mark
    return {"line": mark_of.line + 1 if mark_of else 0}
