"""Write one JSON document to a stream; iterators become arrays as they run, so a long answer takes no memory."""

import json
from collections.abc import Iterator, Mapping
from typing import IO, Any


def write(stream: IO[str], content: Mapping[str, Any]) -> None:
    """Write content and a final newline."""
    for piece in pieces(content):
        stream.write(piece)
    stream.write("\n")


def pieces(value: object) -> Iterator[str]:
    """Yield the text of a value, piece by piece."""
    if isinstance(value, Mapping):
        yield "{"
        for number, (key, inner) in enumerate(value.items()):
            yield f"{', ' if number else ''}{json.dumps(key)}: "
            yield from pieces(inner)
        yield "}"
    elif isinstance(value, Iterator | list | tuple):
        yield "["
        for number, inner in enumerate(value):
            if number:
                yield ", "
            yield from pieces(inner)
        yield "]"
    else:
        yield json.dumps(value, ensure_ascii=False)
