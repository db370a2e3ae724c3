"""Which files of a folder are opened, by whatever process, in a container or not."""

import ctypes
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_OPENED, _FOLDER = 0x20, 0x4000_0000
_NO_WAITING = os.O_NONBLOCK
_EVENT = struct.Struct("iIII")


@contextmanager
def watched(*folders: Path) -> Iterator[list[str]]:
    """Collects the names of files that are opened in these folders (`man 7 inotify`).

    The list is filled when the context is left. Raises OSError where the kernel
    cannot watch.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = libc.inotify_init1(_NO_WAITING)
    names: list[str] = []
    try:
        for folder in folders:
            path = os.fsencode(folder)
            if descriptor < 0 or libc.inotify_add_watch(descriptor, path, _OPENED) < 0:
                raise OSError(ctypes.get_errno(), "inotify cannot watch", str(folder))
        yield names
        names += _read(descriptor)
    finally:
        if descriptor >= 0:
            os.close(descriptor)


def _read(descriptor: int) -> Iterator[str]:
    """The names in all events so far, without those of folders."""
    while True:
        try:
            data = os.read(descriptor, 65_536)
        except BlockingIOError:
            return
        while data:
            _, mask, _, length = _EVENT.unpack_from(data)
            name = data[_EVENT.size : _EVENT.size + length].rstrip(b"\0")
            data = data[_EVENT.size + length :]
            if name and not mask & _FOLDER:
                yield os.fsdecode(name)
