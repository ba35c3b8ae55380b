"""What an uploaded file is: read from its content, never from its name (I06)."""

from __future__ import annotations

import hashlib
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any

import filetype  # type: ignore[import-untyped]
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from workflow.decisions import Text
from workflow.errors import InvalidInput

NAME_LENGTH = 150
TEXT = "text/plain"
# Name ending → the content types it may stand for.
ALLOWED: dict[str, frozenset[str]] = {
    "png": frozenset({"image/png"}),
    "jpg": frozenset({"image/jpeg"}),
    "jpeg": frozenset({"image/jpeg"}),
    "gif": frozenset({"image/gif"}),
    "webp": frozenset({"image/webp"}),
    "bmp": frozenset({"image/bmp"}),
    "pdf": frozenset({"application/pdf"}),
    "txt": frozenset({TEXT}),
    "log": frozenset({TEXT}),
    "csv": frozenset({TEXT}),
    "docx": frozenset({"application/vnd.openxmlformats-officedocument.wordprocessingml.document"}),
    "xlsx": frozenset({"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}),
    "zip": frozenset({"application/zip"}),
}
_DANGEROUS = (
    "exe com bat cmd msi scr pif dll sys ps1 psm1 vbs vbe js jse wsf wsh hta jar apk app dmg sh "
    "bash py php jsp asp aspx cgi svg html htm xhtml mht mhtml shtml xml lnk reg iso"
)
DANGEROUS = frozenset(_DANGEROUS.split())
# What a picture never holds; some readers would run it.
_HIDDEN = (b"<script", b"<?php", b"<html", b"<svg", b"<!doctype")
_TAIL = 64 * 1024
_END_OF_ZIP = b"PK\x05\x06"
_MARKUP = (b"<!doctype", b"<html", b"<svg", b"<script", b"<?xml", b"<?php", b"#!", b"<body")


@dataclass(frozen=True)
class Inspected:
    """A file that may be taken."""

    file: UploadedFile[Any]
    name: str
    content_type: str
    sha256: str


def inspect(file: UploadedFile[Any]) -> Inspected:
    """Name, size and content of one uploaded file; raises ``InvalidInput`` (field ``files``)."""
    name = clean_name(file.name or "")
    size = file.size or 0
    if size == 0:
        raise not_taken(_("%(name)s is empty.") % {"name": name})
    if size > settings.ATTACHMENT_MAX_BYTES:
        limit = filesizeformat(settings.ATTACHMENT_MAX_BYTES)
        raise not_taken(_("%(name)s is larger than %(limit)s.") % {"name": name, "limit": limit})
    ending = name.rpartition(".")[2].lower()
    content_type = read_type(file, ending)
    if content_type not in ALLOWED[ending] or _is_two_things(file, content_type):
        raise not_taken(_("The content of %(name)s is not what its name says.") % {"name": name})
    digest = hashlib.sha256()
    file.seek(0)
    for chunk in file.chunks():
        digest.update(chunk)
    return Inspected(file, name, content_type, digest.hexdigest())


def clean_name(raw: str) -> str:
    """The name to show: NFC, no path, no control characters; raises ``InvalidInput``."""
    name = unicodedata.normalize("NFC", raw)
    if PurePosixPath(name).name != name or "\\" in name or name in ("", ".", ".."):
        raise not_taken(_("A file name may not hold a path."))
    if any(unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") for character in name):
        raise not_taken(_("A file name may not hold control characters."))
    if len(name) > NAME_LENGTH:
        raise not_taken(_("The file name is longer than %(count)s characters.") % {"count": 150})
    endings = [part.strip().lower() for part in name.split(".")[1:]]
    if not endings or endings[-1] not in ALLOWED or DANGEROUS.intersection(endings):
        raise not_taken(_("%(name)s: files of this kind are not taken.") % {"name": name})
    return name


def read_type(file: IO[bytes] | UploadedFile[Any], ending: str) -> str:
    """Content type from the bytes; "" for anything that is not taken."""
    file.seek(0)
    head = file.read(8192)
    if ending in ("txt", "log", "csv"):
        return TEXT if _is_text(head) else ""
    kind = filetype.guess(head)
    mime = str(kind.mime) if kind else ""
    if ending in ("docx", "xlsx", "zip") and head[:4] == b"PK\x03\x04":
        return _zip_type(file, ending)
    return mime


def _is_two_things(file: IO[bytes] | UploadedFile[Any], content_type: str) -> bool:
    """True for pictures and PDFs that are archives too, and pictures that hold a script."""
    picture = content_type.startswith("image/")
    if not picture and content_type != "application/pdf":
        return False
    file.seek(0)
    head = file.read(8192).lower()
    file.seek(0, 2)
    file.seek(max(0, file.tell() - _TAIL))
    if _END_OF_ZIP in file.read(_TAIL):
        return True
    return picture and any(mark in head for mark in _HIDDEN)


def _is_text(head: bytes) -> bool:
    if b"\x00" in head or filetype.guess(head) is not None:
        return False
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return not start.startswith(_MARKUP) and b"<script" not in head.lower()


def _zip_type(file: IO[bytes] | UploadedFile[Any], ending: str) -> str:
    """An archive is an Office document when it holds one; it must be readable, and not a jar."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return ""
    if "META-INF/MANIFEST.MF" in names or any("vbaProject" in name for name in names):
        return ""
    part = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}.get(ending)
    if part is None:
        return "application/zip"
    return next(iter(ALLOWED[ending])) if part in names else ""


def not_taken(message: Text) -> InvalidInput:
    """The refusal of a file, beside the field ``files``."""
    return InvalidInput({"files": message})
