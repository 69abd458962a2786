"""Steps from one catalog version to the next. A step is added, never changed.

A list of steps and one number in one row do what is needed here; Alembic would bring an environment and 100 ms to each
writing command (docs/decisions.md).
"""

from collections.abc import Callable

import sqlalchemy as sa

from camtool.store.schema import camera_noise, event, metadata, scan, schema_version
from camtool.store.version import CATALOG_VERSION

Step = Callable[[sa.Connection], None]


def _add_skimming(connection: sa.Connection) -> None:
    metadata.create_all(connection, tables=[scan, event, camera_noise])


# STEPS[n] brings a catalog of version n to n + 1.
STEPS: dict[int, Step] = {1: _add_skimming}


def bring_up(connection: sa.Connection) -> int:
    """Create or migrate the catalog inside the caller's transaction; returns the version it found (0: none).

    A catalog of a later version is returned as found and left alone: the caller refuses it.
    """
    if not sa.inspect(connection).has_table(schema_version.name):
        metadata.create_all(connection)
        connection.execute(schema_version.insert().values(version=CATALOG_VERSION))
        return 0
    found = int(connection.execute(sa.select(schema_version.c.version)).scalar_one())
    for version in range(found, CATALOG_VERSION):
        STEPS[version](connection)
        connection.execute(schema_version.update().values(version=version + 1))
    return found
