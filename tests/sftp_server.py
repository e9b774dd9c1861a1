"""An SFTP server over a folder, in a thread: `with sftp_server.running(folder) as theirs`.

`mode`: `up`; `silent` (accepts the connection and says nothing); `full` (no file can be written to the end); `slow` (each
write waits for `release`).
"""

import contextlib
import errno
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import paramiko

USER, PASSWORD = "lacydon", "p@ss"


@dataclass
class SftpServer:
    """What it knows and how it behaves. `written`: the names that were opened for writing, in their order."""

    folder: Path
    key: paramiko.PKey
    mode: str = "up"
    port: int = 0
    known: paramiko.PKey | None = None
    written: list[str] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    sessions: int = 0
    release: threading.Event = field(default_factory=threading.Event)

    @property
    def host_key(self) -> str:
        return f"{self.key.get_name()} {self.key.get_base64()}"


class _Door(paramiko.ServerInterface):
    def __init__(self, theirs: SftpServer) -> None:
        self.theirs = theirs

    def get_allowed_auths(self, username: str) -> str:
        return "password,publickey"

    def check_auth_password(self, username: str, password: str) -> int:
        return paramiko.AUTH_SUCCESSFUL if (username, password) == (USER, PASSWORD) else paramiko.AUTH_FAILED

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        return paramiko.AUTH_SUCCESSFUL if (username, key) == (USER, self.theirs.known) else paramiko.AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED


class _File(paramiko.SFTPHandle):
    theirs: SftpServer

    def write(self, offset: int, data: bytes) -> int:
        if self.theirs.mode == "full":
            return paramiko.SFTP_FAILURE
        if self.theirs.mode == "slow":
            self.theirs.release.wait(20)
        return int(super().write(offset, data))


class _Files(paramiko.SFTPServerInterface):
    theirs: SftpServer

    def _real(self, path: str) -> Path:
        return self.theirs.folder / self.canonicalize(path).lstrip("/")

    def _safely(self, act: Any) -> Any:
        try:
            return act()
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or errno.EIO)

    def list_folder(self, path: str) -> Any:
        def listed() -> list[paramiko.SFTPAttributes]:
            return [paramiko.SFTPAttributes.from_stat(each.stat(), each.name) for each in self._real(path).iterdir()]

        return self._safely(listed)

    def stat(self, path: str) -> Any:
        return self._safely(lambda: paramiko.SFTPAttributes.from_stat(self._real(path).stat()))

    lstat = stat

    def mkdir(self, path: str, attr: Any) -> Any:
        return self._safely(lambda: self._real(path).mkdir() or paramiko.SFTP_OK)

    def posix_rename(self, oldpath: str, newpath: str) -> Any:
        self.theirs.renamed.append((oldpath.rpartition("/")[2], newpath.rpartition("/")[2]))
        return self._safely(lambda: self._real(oldpath).rename(self._real(newpath)) and paramiko.SFTP_OK)

    def open(self, path: str, flags: int, attr: Any) -> Any:
        def opened() -> _File:
            if flags & os.O_CREAT:
                self.theirs.written.append(path)
            mode = "wb" if flags & os.O_WRONLY else "rb"
            handle = _File(flags)
            handle.theirs = self.theirs
            handle.filename = str(self._real(path))
            file = self._real(path).open(mode)
            handle.readfile = handle.writefile = file
            return handle

        return self._safely(opened)


@contextmanager
def running(folder: Path, **how: Any) -> Iterator[SftpServer]:
    theirs = SftpServer(folder=folder, key=how.pop("key", None) or paramiko.ECDSAKey.generate(), **how)
    files = type("Files", (_Files,), {"theirs": theirs})
    listening = socket.create_server(("127.0.0.1", 0))
    theirs.port = listening.getsockname()[1]
    over = threading.Event()
    transports: list[paramiko.Transport] = []

    def serve() -> None:
        while not over.is_set():
            try:
                connection, _address = listening.accept()
            except OSError:
                return
            theirs.sessions += 1
            if theirs.mode == "silent":
                silent.append(connection)
                continue
            transport = paramiko.Transport(connection)
            transports.append(transport)
            transport.add_server_key(theirs.key)
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, files)
            with contextlib.suppress(paramiko.SSHException, EOFError, OSError):
                transport.start_server(server=_Door(theirs))

    silent: list[socket.socket] = []
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield theirs
    finally:
        over.set()
        theirs.release.set()
        with contextlib.suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        for each in (*transports, *silent):
            each.close()
        for transport in transports:
            transport.join(5)
        thread.join(5)
