import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
import sqlalchemy as sa

from camtool.core.model import Site
from camtool.store.reader import Reader, open_reader


@pytest.fixture(scope="session")
def postgres() -> Iterator[sa.URL]:
    """A real server: the one of CAMTOOL_TEST_POSTGRES (an SQLAlchemy URL), or one of the pgserver wheel's own."""
    named = os.environ.get("CAMTOOL_TEST_POSTGRES")
    if named:
        yield sa.make_url(named)
        return
    pgserver = pytest.importorskip("pgserver", reason="neither CAMTOOL_TEST_POSTGRES nor the pgserver wheel is there")
    # Not below pytest's own folder: a server started by root runs as another user, and every pytest that begins
    # meanwhile takes all rights of others from that folder.
    with TemporaryDirectory(prefix="camtool-postgres-") as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server = pgserver.get_server(folder)
        yield sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        server.cleanup()


@pytest.fixture
def reading() -> Iterator[Callable[[Site], Reader]]:
    """Open readers, and close them when the test is over."""
    with ExitStack() as stack:

        def opened(site: Site) -> Reader:
            reader = open_reader(site)
            stack.callback(reader.close)
            return reader

        yield opened


@pytest.fixture
def sqlite_site(tmp_path: Path) -> Site:
    """A site whose catalog is the file beside site.toml."""
    return Site(str(tmp_path), "x", "Asia/Ho_Chi_Minh", "vi")


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """A site on either database; the same tests hold both."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_site")
        return
    url: sa.URL = request.getfixturevalue("postgres")
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    name = f"camtool_{uuid4().hex}"
    with admin.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    fresh = url.set(database=name).render_as_string(hide_password=False)
    yield Site(str(tmp_path), "x", "Asia/Ho_Chi_Minh", "vi", catalog_url=fresh)
    with admin.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()
