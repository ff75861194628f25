"""Servers of the same page, each a process of its own, and what their processors were busy."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

GRANIAN = ("--interface", "wsgi", "--host", "127.0.0.1", "--blocking-threads", "4", "--no-ws", "--no-log")
"""As `make run` starts it."""


@dataclass(frozen=True)
class Server:
    """A server that listens on a port of this machine."""

    name: str
    port: int
    process: subprocess.Popen[bytes]

    def cpu(self) -> float:
        """Seconds it has been on a processor."""
        return family_cpu(self.process.pid)


def family_cpu(pid: int, named: bytes = b"") -> float:
    """Seconds a process, its children and their threads have been on a processor, in nanosecond steps (proc(5), schedstat).

    With `named`, only those of them that have this in their name.
    """
    return sum(_on_processor(one) for one in _family(pid) if named in Path(f"/proc/{one}/cmdline").read_bytes()) / 1e9


def _family(pid: int) -> list[int]:
    found = [pid]
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in tasks.read_text().split():
            found += _family(int(child))
    return found


def _on_processor(pid: int) -> int:
    return sum(int(file.read_text().split()[0]) for file in Path(f"/proc/{pid}/task").glob("*/schedstat"))


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def granian(name: str, target: str, environment: Mapping[str, str], workers: int = 2) -> Iterator[Server]:
    """Granian with an application, in the configuration that is shipped."""
    port = free_port()
    command = [sys.executable, "-m", "granian", *GRANIAN, "--port", str(port), "--workers", str(workers), target]
    with _running(name, port, command, environment) as server:
        yield server


@contextmanager
def nginx(folder: Path, body: bytes, headers: Mapping[str, str], environment: Mapping[str, str]) -> Iterator[Server]:
    """nginx with one worker, serving one file that is zipped already, with the same headers."""
    port = free_port()
    root = folder / "nginx"
    root.mkdir()
    (root / "page").write_bytes(body)
    said = "\n".join(f'add_header {name} "{_quoted(value)}";' for name, value in headers.items())
    (root / "nginx.conf").write_text(
        f"""daemon off; worker_processes 1; pid {root}/pid; error_log stderr crit; user {_owner()};
events {{ worker_connections 256; }}
http {{
  access_log off; keepalive_requests 100000000; default_type "text/html; charset=utf-8"; sendfile on; tcp_nopush on; open_file_cache max=10;
  client_body_temp_path {root}/a; proxy_temp_path {root}/b; fastcgi_temp_path {root}/c; uwsgi_temp_path {root}/d; scgi_temp_path {root}/e;
  server {{ listen 127.0.0.1:{port}; root {root}; location / {{ {said} try_files /page =404; }} }}
}}"""
    )
    command = [str(shutil.which("nginx") or "/usr/sbin/nginx"), "-p", str(root), "-e", "stderr", "-c", str(root / "nginx.conf")]
    with _running("nginx", port, command, environment) as server:
        yield server


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("$", "")


def _owner() -> str:
    return Path.home().owner()


@contextmanager
def _running(name: str, port: int, command: list[str], environment: Mapping[str, str]) -> Iterator[Server]:
    process = subprocess.Popen(command, env=dict(environment), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield Server(name, port, process)
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int, process: subprocess.Popen[bytes], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            raise SystemExit(f"{process.args!r} ended at once with {process.returncode}.")
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"{process.args!r} does not answer.")
