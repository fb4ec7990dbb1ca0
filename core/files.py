"""What happens to a file between a person's hand and our disk (safety 18 and 19).

The extension must be allowed and the content must be what it says. Pictures are decoded and
written anew, which leaves behind place, camera and anything hidden in them. Nothing else is
changed, except that plain text becomes UTF-8. Whatever is kept gets a name made here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath, PureWindowsPath
from uuid import uuid4

from django.core.files.base import ContentFile, File
from PIL import Image, ImageOps

from core.chinese_text import clean_line
from core.office_archive import MEGABYTE, check_office_archive
from core.refusal import FileRefused
from core.scanning import Verdict, verdict_on

#: Extension → Pillow's name of the format.
PICTURES = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}
DOCUMENTS = ("pdf", "docx", "xlsx", "pptx", "txt")
ALLOWED = (*PICTURES, *DOCUMENTS)

PICTURE_BYTES = 20 * MEGABYTE
DOCUMENT_BYTES = 30 * MEGABYTE
TEXT_BYTES = 5 * MEGABYTE
#: Checked before decoding: a 20 KB file of 13,000² pixels would take 821 MB. Phones take
#: 50 million, but as JPEG, which can be decoded at half size.
JPEG_PIXELS = 50_000_000
PICTURE_PIXELS = 25_000_000
#: The longer side of what is kept and of its thumbnail, in px.
KEPT_SIDE = 2560
THUMBNAIL_SIDE = 480
NAME_LENGTH = 120

_ADVICE = {
    "heic": "请在手机相机设置里选“兼容性最佳”，或转成JPG后再上传。",
    "heif": "请在手机相机设置里选“兼容性最佳”，或转成JPG后再上传。",
    "doc": "请另存为DOCX后再上传。",
    "wps": "请另存为DOCX后再上传。",
    "xls": "请另存为XLSX后再上传。",
    "et": "请另存为XLSX后再上传。",
    "ppt": "请另存为PPTX后再上传。",
    "zip": "请把里面的文件逐个上传。",
    "rar": "请把里面的文件逐个上传。",
}


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be stored. `name` is for people, `content.name` for the disk.

    `size_bytes` and `sha256` are those of what is stored, not of what was sent.
    """

    content: ContentFile[bytes]
    thumbnail: ContentFile[bytes] | None
    name: str
    extension: str
    size_bytes: int
    sha256: str
    #: The scanner did not answer: nobody may open the file until it has.
    is_locked: bool = False

    @property
    def is_picture(self) -> bool:
        return self.extension in PICTURES


def check_upload(
    upload: File[bytes], allowed: Collection[str] = ALLOWED, *, may_lock: bool = False
) -> CheckedFile:
    """Take in an uploaded file. Raises FileRefused with a sentence for the person.

    `allowed` narrows the extensions, for example to `PICTURES`. `may_lock` says that the caller
    keeps a file locked while the scanner is down; without it such a file is refused.
    """
    name = clean_name(upload.name or "")
    extension = _allowed_extension(name, allowed)
    data = _read(upload, _size_limit(extension))
    thumbnail = None
    if extension in PICTURES:
        data, thumbnail = _written_anew(data, PICTURES[extension])
    elif extension == "txt":
        data = _as_text(data).encode()
    elif extension == "pdf":
        _check_pdf(data)
    else:
        check_office_archive(BytesIO(data), extension)
    is_locked = _scanned(data, may_lock=may_lock)
    stored_name = uuid4().hex
    return CheckedFile(
        content=ContentFile(data, name=f"{stored_name}.{extension}"),
        thumbnail=ContentFile(thumbnail, name=f"{stored_name}.jpg") if thumbnail else None,
        name=name,
        extension=extension,
        size_bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        is_locked=is_locked,
    )


def _scanned(data: bytes, *, may_lock: bool) -> bool:
    """Whether the file must stay locked until the scanner is back."""
    verdict = verdict_on(data)
    if verdict is Verdict.HARMFUL:
        raise FileRefused("病毒扫描发现这个文件有害，没有保存。请检查您的设备。")
    if verdict is Verdict.UNKNOWN and not may_lock:
        raise FileRefused("病毒扫描暂时没有回应，没有保存。请稍后再试。")
    return verdict is Verdict.UNKNOWN


def clean_name(name: str) -> str:
    """The last part of a path that a browser sent, on one line and not too long."""
    base = PureWindowsPath(PurePosixPath(clean_line(name)).name).name
    path = PurePosixPath(base.replace("/", ""))
    return f"{path.stem[: NAME_LENGTH - len(path.suffix)]}{path.suffix[:NAME_LENGTH]}"


def _allowed_extension(name: str, allowed: Collection[str]) -> str:
    extension = PurePosixPath(name).suffix.lower().removeprefix(".")
    if extension in allowed:
        return extension
    listed = "、".join(dict.fromkeys(each.upper() for each in allowed if each != "jpeg"))
    called = f"{extension.upper()}文件" if extension else "没有扩展名的文件"
    advice = _ADVICE.get(extension, f"可以上传：{listed}。")
    raise FileRefused(f"不能上传{called}。{advice}")


def _size_limit(extension: str) -> int:
    if extension in PICTURES:
        return PICTURE_BYTES
    return TEXT_BYTES if extension == "txt" else DOCUMENT_BYTES


def _read(upload: File[bytes], limit: int) -> bytes:
    """The whole content; at most one byte more than the limit is ever held."""
    upload.seek(0)
    data: bytes = upload.read(limit + 1)
    if not data:
        raise FileRefused("这个文件是空的。请检查后重新选择。")
    if len(data) > limit:
        raise FileRefused(f"这个文件超过{limit // MEGABYTE} MB。请压缩或拆分后再上传。")
    return data


# --- Pictures ---------------------------------------------------------------------------


def _written_anew(data: bytes, picture_format: str) -> tuple[bytes, bytes]:
    """The picture upright, without metadata, at most `KEPT_SIDE` px long; and its thumbnail."""
    try:
        kept = _decoded_picture(data, picture_format)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(picture_format) from error
    except FileRefused:
        raise
    except Exception as error:  # decoders of broken files raise whatever they like
        raise FileRefused(
            "这张图片打不开，或者内容与扩展名不符。请重新保存为JPG或PNG后再上传。"
        ) from error
    return _encoded(kept, picture_format), _thumbnail(kept)


def _decoded_picture(data: bytes, picture_format: str) -> Image.Image:
    with Image.open(BytesIO(data), formats=[picture_format]) as picture:
        if picture.width * picture.height > _pixel_limit(picture_format):
            raise _too_many_pixels(picture_format)
        picture.draft("RGB", (KEPT_SIDE, KEPT_SIDE))  # a large JPEG is decoded at half size
        picture.thumbnail((KEPT_SIDE, KEPT_SIDE))
        ImageOps.exif_transpose(picture, in_place=True)
        return _plain(picture)


def _pixel_limit(picture_format: str) -> int:
    return JPEG_PIXELS if picture_format == "JPEG" else PICTURE_PIXELS


def _too_many_pixels(picture_format: str) -> FileRefused:
    limit = _pixel_limit(picture_format) // 10_000
    return FileRefused(f"这张图片超过{limit}万像素。请缩小后再上传。")


def _plain(picture: Image.Image) -> Image.Image:
    """Plain colours with or without transparency, and nothing else that came with the file."""
    see_through = "A" in picture.getbands() or "transparency" in picture.info
    plain = picture.convert("RGBA" if see_through else "RGB")
    plain.info.clear()
    return plain


def _encoded(picture: Image.Image, picture_format: str) -> bytes:
    written = BytesIO()
    if picture_format == "JPEG":
        _on_white(picture).save(written, "JPEG", quality=85, optimize=True)
    elif picture_format == "WEBP":
        picture.save(written, "WEBP", quality=85)
    else:
        picture.save(written, "PNG")
    return written.getvalue()


def _thumbnail(picture: Image.Image) -> bytes:
    small = _on_white(picture)
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    written = BytesIO()
    small.save(written, "JPEG", quality=80)
    return written.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture.copy()
    sheet = Image.new("RGB", picture.size, "white")
    sheet.paste(picture, mask=picture.getchannel("A"))
    return sheet


# --- Documents --------------------------------------------------------------------------


def _check_pdf(data: bytes) -> None:
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-2048:]:
        raise FileRefused("这个文件不是完整的PDF，或者内容与扩展名不符。请重新导出后再上传。")


def _as_text(data: bytes) -> str:
    text = decoded(data)
    start = text.lstrip()[:1000].lower()
    if start.startswith("<") and any(mark in start for mark in ("<html", "<svg", "<?xml", "<!doc")):
        raise FileRefused("这个文件的内容是网页或XML，不是纯文本，不能上传。")
    return text


def decoded(data: bytes) -> str:
    """Text in UTF-8 (with or without BOM), UTF-16 with BOM, or GB18030 (which covers GBK).

    Raises FileRefused for anything else, such as a renamed program.
    """
    encodings = ("utf-16",) if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise FileRefused("认不出这个文件的文字编码。请另存为UTF-8编码后再上传。")
