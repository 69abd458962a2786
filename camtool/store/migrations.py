"""Steps from one catalog version to the next. A step is added, never changed.

A list of steps and one number in one row do what is needed here; Alembic would bring an environment and 100 ms to each
writing command (docs/decisions.md).
"""

from collections.abc import Callable

import sqlalchemy as sa

from camtool.store.schema import camera_noise, event, metadata, scan, scan_problem, schema_version
from camtool.store.version import CATALOG_VERSION

Step = Callable[[sa.Connection], None]


def _add_skimming(connection: sa.Connection) -> None:
    metadata.create_all(connection, tables=[scan, event, camera_noise])


def _add_problems_of_scans(connection: sa.Connection) -> None:
    metadata.create_all(connection, tables=[scan_problem])


# STEPS[n] brings a catalog of version n to n + 1.
STEPS: dict[int, Step] = {1: _add_skimming, 2: _add_problems_of_scans}


def bring_up(connection: sa.Connection) -> int:
    """Create or migrate the catalog inside the caller's transaction; returns the version it found (0: none).

    A catalog of a later version is returned as found and left alone: the caller refuses it. All or nothing: a run that
    is killed here leaves the catalog as it was.
    """
    found = _version(connection)
    if found >= CATALOG_VERSION:
        return found
    if connection.dialect.name == "sqlite":
        # Python's sqlite3 opens a transaction before INSERT and UPDATE, not before CREATE or ALTER: those would stand
        # at once, and a run killed after them would leave half a step. IMMEDIATE keeps a second run out meanwhile.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        found = _version(connection)
    if found == 0:
        metadata.create_all(connection)
        connection.execute(schema_version.insert().values(version=CATALOG_VERSION))
        return 0
    for version in range(found, CATALOG_VERSION):
        STEPS[version](connection)
        connection.execute(schema_version.update().values(version=version + 1))
    return found


def _version(connection: sa.Connection) -> int:
    """Return the version the catalog says it has; 0 where it says none: it was never made, or not to the end."""
    if not sa.inspect(connection).has_table(schema_version.name):
        return 0
    return int(connection.execute(sa.select(schema_version.c.version)).scalar_one_or_none() or 0)
