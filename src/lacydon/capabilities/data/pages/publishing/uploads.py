"""A file of a form, written straight to the disk where it will stay: whatever its size, it is never held in memory."""

import tempfile
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler

from ...queries import lake


class Held(UploadedFile):
    """A file under the workshop, gone when it is closed."""

    def temporary_file_path(self) -> str:
        return str(self.file.name)  # type: ignore[union-attr]


class ToTheWorkshop(TemporaryFileUploadHandler):
    """`full`: the disk could not take it."""

    full = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super(TemporaryFileUploadHandler, self).new_file(*args, **kwargs)
        made = tempfile.NamedTemporaryFile(suffix=".upload", dir=lake.workshop())  # noqa: SIM115 (closed by the request)
        held: Any = Held(made, self.file_name, self.content_type, 0, self.charset, self.content_type_extra)
        self.file = held

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as error:
            self.full = True
            raise SkipFile from error
