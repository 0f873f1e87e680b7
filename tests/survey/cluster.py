"""A cluster of Apache Spark on this machine: a master and two workers, on the loopback address."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
HOST = "127.0.0.1"


@contextmanager
def run_cluster(folder: Path, workers: int = 2):
    """Give the master's address; everything the cluster writes lies below ``folder``."""
    master, pages = _free_port(), _free_port()
    environment = _environment(folder)
    processes = [
        _start(folder, environment, "master.Master", "--port", str(master), "--webui-port", str(pages))
    ]
    try:
        _wait(lambda: _count_workers(pages) == 0)
        address = f"spark://{HOST}:{master}"
        for number in range(workers):
            place = ("-c", "1", "-m", "1g", "-d", str(folder / f"work{number}"), "--webui-port", "0", address)
            processes += [_start(folder, environment, "worker.Worker", *place)]
        _wait(lambda: _count_workers(pages) == workers)
        yield address
    finally:
        for process in reversed(processes):
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _environment(folder):
    import pyspark

    (folder / "conf").mkdir(parents=True)
    (folder / "events").mkdir()
    defaults = {
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": f"file://{folder}/events",
        "spark.driver.host": HOST,
        "spark.driver.bindAddress": HOST,
        "spark.executor.memory": "512m",
        "spark.executorEnv.PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}",
        "spark.local.dir": str(folder / "local"),
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
    }
    (folder / "conf" / "spark-defaults.conf").write_text(
        "".join(f"{key} {value}\n" for key, value in defaults.items())
    )
    ours = {
        "SPARK_HOME": str(Path(pyspark.__file__).parent),
        "SPARK_CONF_DIR": str(folder / "conf"),
        "SPARK_LOCAL_IP": HOST,
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_NO_DAEMONIZE": "1",
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
    }
    os.environ.update(ours)  # the session of this process reads them, too
    return {**os.environ, **ours}


def _start(folder, environment, what, *arguments):
    program = str(Path(environment["SPARK_HOME"]) / "bin" / "spark-class")
    command = [program, f"org.apache.spark.deploy.{what}", "-h", HOST, *arguments]
    with (folder / "daemons.log").open("ab") as log:
        return subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)


def _free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def _count_workers(port):
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/json/", timeout=5) as page:
            import json

            return json.load(page)["aliveworkers"]
    except OSError:
        return -1


def _wait(is_ready):
    deadline = time.monotonic() + 120
    while not is_ready():
        assert time.monotonic() < deadline, "the cluster did not start"
        time.sleep(0.2)
