"""Where records are deleted is found as the settings say it, from wherever a command is run."""

import sqlite3
from contextlib import closing

import pytest

from curtilage.cli.disposers import Disposers, NoDisposalError
from curtilage.connectors.disposal.nouns import Target
from curtilage.connectors.drivers.dispose_token import TokenDisposer
from curtilage.foundation.guarded import Guarded
from curtilage.foundation.settings import CitySettings, Connection, Settings
from tests.connectors.disposal.worlds import DUE
from tests.retention.books import HASHER
from tests.retention.declared import load
from tests.tokens import PIN


def opened(folder, address):
    """Open the system ``housing`` of a city whose settings name an address for it."""
    declared = load(systems=("housing", "files"))
    (system,) = [each for each in declared.systems if each.id == "housing"]
    name = system.connection or "housing"
    settings = Settings(
        CitySettings("Smalltown", "America/Chicago"), disposal=(Connection(name, Guarded(address)),)
    )
    disposers = Disposers(folder, declared, settings, HASHER)
    disposers._connections["housing"] = name
    return disposers


@pytest.mark.parametrize("address", ["sqlite:databases/housing.db", "databases/housing.db"])
def test_a_path_is_below_the_citys_folder_wherever_the_command_is_run(tmp_path, monkeypatch, address):
    path = tmp_path / "city" / "databases" / "housing.db"
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE applications (id INTEGER PRIMARY KEY, closed_on TEXT, outcome TEXT)")
    monkeypatch.chdir(tmp_path)
    for folder in (tmp_path / "city", (tmp_path / "city").relative_to(tmp_path)):
        with opened(folder, address) as disposers:
            assert disposers.open("housing").count(Target("housing", "applications", DUE)) == 0


def test_the_address_of_a_token_opens_a_token(tmp_path, city_token, monkeypatch):
    monkeypatch.setenv("CURTILAGE_PIN", PIN)
    address = f"pkcs11:token=city?module-path={city_token.module}&pin-source=env:CURTILAGE_PIN"
    with opened(tmp_path, address) as disposers:
        found = disposers.open("housing")
        assert isinstance(found, TokenDisposer)
        assert found.list_partitions("backup-*") == ()


def test_a_system_without_an_address_is_never_deleted_from(tmp_path):
    with opened(tmp_path, "databases/housing.db") as disposers, pytest.raises(NoDisposalError):
        disposers.open("files")
