"""Files (TensorFlow's ``tf.gfile``): of this machine only."""

from __future__ import annotations

import glob as _glob
import os as _os
import shutil as _shutil
from collections.abc import Callable as _Callable
from collections.abc import Iterator as _Iterator
from typing import IO as _IO
from typing import Any as _Any

from graphmagic import errors as _errors
from graphmagic.names import namespace as _namespace

__all__ = [
    "Copy",
    "DeleteRecursively",
    "Exists",
    "FastGFile",
    "GFile",
    "Glob",
    "IsDirectory",
    "ListDirectory",
    "MakeDirs",
    "MkDir",
    "Open",
    "Remove",
    "Rename",
    "Stat",
    "Walk",
]


class GFile:
    """A file; it is opened when it is first read or written.

    Args:
        name: its path.
        mode: as in Python.

    >>> import os, tempfile
    >>> path = os.path.join(tempfile.mkdtemp(), "notes.txt")
    >>> with GFile(path, "w") as file:
    ...     file.write("two\\nlines\\n")
    >>> GFile(path).read()
    'two\\nlines\\n'
    """

    def __init__(self, name: _Any, mode: str = "r") -> None:
        self._name, self._mode = _os.fspath(name), mode
        self._opened: _IO[_Any] | None = None

    @property
    def name(self) -> str:
        """The path."""
        return self._name  # type: ignore[no-any-return]

    @property
    def mode(self) -> str:
        """How it is opened."""
        return self._mode

    def _file(self) -> _IO[_Any]:
        if self._opened is None:
            text = {} if "b" in self._mode else {"encoding": "utf-8"}
            try:
                self._opened = open(self._name, self._mode, **text)  # type: ignore[call-overload] # noqa: SIM115
            except FileNotFoundError:
                raise _missing(self._name) from None
        assert self._opened is not None
        return self._opened

    def read(self, n: int = -1) -> _Any:
        """The next `n` characters or bytes; all that is left if -1."""
        return self._file().read(n)

    def readline(self) -> _Any:
        """The next line with its end."""
        return self._file().readline()

    def readlines(self) -> list[_Any]:
        """All lines that are left."""
        return self._file().readlines()

    def write(self, file_content: _Any) -> None:
        """Add text or bytes."""
        self._file().write(file_content)

    def seek(self, offset: int, whence: int = 0) -> None:
        """Go to a place."""
        self._file().seek(offset, whence)

    def tell(self) -> int:
        """The place where it is."""
        return self._file().tell()

    def size(self) -> int:
        """How many bytes it has."""
        return _os.path.getsize(self._name)

    def flush(self) -> None:
        """Hand over what was written."""
        if self._opened is not None:
            self._opened.flush()

    def close(self) -> None:
        """Let go of it."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def __iter__(self) -> _Iterator[_Any]:
        return iter(self._file())

    def __next__(self) -> _Any:
        return next(self._file())

    next = __next__

    def __enter__(self) -> GFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()


FastGFile = Open = GFile


def _missing(path: _Any) -> _errors.NotFoundError:
    return _errors.NotFoundError(None, None, f"{_os.fspath(path)}; No such file or directory")


def Exists(filename: _Any) -> bool:  # noqa: N802
    """Whether there is such a file or folder."""
    return _os.path.exists(filename)


def IsDirectory(dirname: _Any) -> bool:  # noqa: N802
    """Whether it is a folder."""
    return _os.path.isdir(dirname)


def Glob(filename: _Any) -> list[str]:  # noqa: N802
    """The paths that fit a pattern, or one of several patterns, in order."""
    patterns = filename if isinstance(filename, (list, tuple)) else [filename]
    return sorted(path for pattern in patterns for path in _glob.glob(_os.fspath(pattern)))


def ListDirectory(dirname: _Any) -> list[str]:  # noqa: N802
    """The names in a folder, in order.

    Raises:
        NotFoundError: there is no such folder.
    """
    try:
        return sorted(_os.listdir(dirname))
    except (FileNotFoundError, NotADirectoryError):
        raise _errors.NotFoundError(None, None, "Could not find directory") from None


def MkDir(dirname: _Any) -> None:  # noqa: N802
    """Make a folder whose parent is there."""
    if not _os.path.isdir(dirname):
        _os.mkdir(dirname)


def MakeDirs(dirname: _Any) -> None:  # noqa: N802
    """Make a folder, and its parents where they are missing."""
    _os.makedirs(dirname, exist_ok=True)


def Remove(filename: _Any) -> None:  # noqa: N802
    """Remove a file.

    Raises:
        NotFoundError: there is no such file.
    """
    try:
        _os.remove(filename)
    except FileNotFoundError:
        raise _missing(filename) from None


def DeleteRecursively(dirname: _Any) -> None:  # noqa: N802
    """Remove a folder with all that is in it.

    Raises:
        NotFoundError: there is no such folder.
    """
    if _os.path.isfile(dirname):
        _os.remove(dirname)
        return
    try:
        _shutil.rmtree(dirname)
    except FileNotFoundError:
        raise _missing(dirname) from None


def Copy(oldpath: _Any, newpath: _Any, overwrite: bool = False) -> None:  # noqa: N802
    """Copy a file.

    Raises:
        NotFoundError: there is no such file.
        AlreadyExistsError: there is one where it should go.
    """
    _put(_shutil.copyfile, oldpath, newpath, overwrite)


def Rename(oldname: _Any, newname: _Any, overwrite: bool = False) -> None:  # noqa: N802
    """Give a file another path.

    Raises:
        NotFoundError: there is no such file.
        AlreadyExistsError: there is one where it should go.
    """
    _put(_os.replace, oldname, newname, overwrite)


def _put(function: _Callable[[_Any, _Any], object], old: _Any, new: _Any, overwrite: bool) -> None:
    """Bring a file to a path that is free, or may be taken."""
    if not overwrite and _os.path.exists(new):
        raise _errors.AlreadyExistsError(None, None, f"file already exists: {new}")
    try:
        function(old, new)
    except FileNotFoundError:
        raise _missing(old) from None


def Stat(filename: _Any) -> _os.stat_result:  # noqa: N802
    """Size and times of a file.

    Raises:
        NotFoundError: there is no such file.
    """
    try:
        return _os.stat(filename)
    except FileNotFoundError:
        raise _missing(filename) from None


def Walk(top: _Any, in_order: bool = True) -> _Iterator[tuple[str, list[str], list[str]]]:  # noqa: N802
    """Each folder below one: its path, the names of its folders, those of its files."""
    for folder, folders, files in _os.walk(top, topdown=in_order):
        folders.sort()
        yield folder, folders, sorted(files)


__getattr__, __dir__ = _namespace(__name__)
