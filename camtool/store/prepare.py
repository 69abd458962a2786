"""Compile store.statements for SQLite into store/prepared.py: `python -m camtool.store.prepare`."""

from pathlib import Path

from sqlalchemy.dialects import sqlite

from camtool.store.statements import STATEMENTS

HEAD = '''"""SQLite's text of store.statements, made by `python -m camtool.store.prepare`: do not edit."""

PREPARED = {
'''


def prepared_text() -> str:
    """Return the text of prepared.py as the statements say it today."""
    lines = [HEAD]
    for name, statement in STATEMENTS.items():
        dialect = sqlite.dialect(paramstyle="named")
        compiled = statement.compile(dialect=dialect, compile_kwargs={"literal_binds": False})
        text = " ".join(str(compiled).split())
        for parameter, value in compiled.params.items():
            if value is not None:  # a constant such as LIMIT 1, not one of ours
                text = text.replace(f":{parameter}", str(value))
        lines.append(f'    "{name}": "{text}",\n')
    lines.append("}\n")
    return "".join(lines)


if __name__ == "__main__":
    Path(__file__).with_name("prepared.py").write_text(prepared_text(), encoding="utf-8")
