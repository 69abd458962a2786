from camtool.store import prepare, prepared


def test_the_prepared_text_is_what_the_statements_say():
    from pathlib import Path

    assert Path(prepared.__file__).read_text(encoding="utf-8") == prepare.prepared_text()


def test_every_column_says_its_unit_or_meaning():
    from camtool.store.schema import metadata

    unsaid = [
        f"{table}.{column.name}" for table in metadata.tables.values() for column in table.columns if not column.comment
    ]
    assert unsaid == []
    for table in metadata.tables.values():
        for column in table.columns:
            for ending, unit in (("_us", "µs"), ("_ns", "ns"), ("_bytes", "bytes"), ("_px", "pixels")):
                if column.name.endswith(ending):
                    assert unit in (column.comment or ""), column.name
