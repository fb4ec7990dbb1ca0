"""Plan files: plain text in any usual encoding, and Word documents, read with care.

Every file that cannot be read raises `UnreadablePlan` with one Chinese sentence for the person
who offered it.
"""

import codecs
import io
import unicodedata
from pathlib import Path

from core.office_archive import check_office_archive
from core.refusal import FileRefused

LARGEST_FILE = 20 * 1024 * 1024
#: What a Word document may come to when unpacked; a 1 MB file can hide gigabytes.
LARGEST_UNPACKED = 60 * 1024 * 1024
LONGEST_TEXT = 2_000_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_ZIP = b"PK\x03\x04"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_TYPES = (
    (b"%PDF", "PDF 文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"{\\rtf", "RTF 文件"),
    (b"\x1f\x8b", "压缩包"),
)
_PLAUSIBLE_SHARE = 0.85


class UnreadablePlan(Exception):
    """The file is no plan we can read; the message says why, in Chinese, to its owner."""


def read_plan_file(path: Path) -> str:
    """The text of a .txt or .docx file."""
    try:
        if not path.is_file():
            raise UnreadablePlan(f"找不到文件“{path.name}”。")
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise UnreadablePlan(_too_large(size))
        content = path.read_bytes()
    except OSError as error:
        raise UnreadablePlan(f"无法打开文件“{path.name}”，请检查路径和权限。") from error
    return read_plan_bytes(content)


def read_plan_bytes(content: bytes) -> str:
    """The text of an uploaded file; its kind is told by its content, never by its name."""
    if len(content) > LARGEST_FILE:
        raise UnreadablePlan(_too_large(len(content)))
    if not content.strip():
        raise UnreadablePlan("文件是空的，没有可以识读的内容。")
    if content.startswith(_OLE):
        if _ENCRYPTED_PACKAGE in content:
            raise UnreadablePlan("文件已加密，请取消密码后重新保存为 docx 再试。")
        raise UnreadablePlan("这是旧版 Word（.doc）或其他 Office 文件，请另存为 docx 或 txt 再试。")
    for magic, name in _OTHER_TYPES:
        if content.startswith(magic):
            raise UnreadablePlan(f"这是{name}，不是方案文本，请提供 txt 或 docx 文件。")
    text = _read_word(content) if content.startswith(_ZIP) else decode_text(content)
    if not text.strip():
        raise UnreadablePlan("文件里没有文字（可能是扫描件），请提供文字版的 txt 或 docx。")
    if len(text) > LONGEST_TEXT:
        raise UnreadablePlan(f"文字超过 {LONGEST_TEXT // 10_000} 万字，不像一份方案，请核对文件。")
    return text


def _too_large(size: int) -> str:
    return f"文件有 {size / 1_048_576:.0f} MB，超过 {LARGEST_FILE // 1_048_576} MB 的上限。"


def decode_text(content: bytes) -> str:
    """Text from UTF-8, UTF-16 or GB18030 (GBK) bytes, with or without a byte order mark."""
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _decoded(content, encoding)
    for encoding in ("utf-8", _utf16_guess(content), "gb18030"):
        if encoding:
            try:
                text = content.decode(encoding)
            except UnicodeDecodeError:
                continue
            if _is_plausible(text):
                return text
    raise UnreadablePlan("文件不是可识别的文本（支持 UTF-8、GBK/GB18030、UTF-16），请另存后再试。")


def _decoded(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadablePlan("文件的文字编码已损坏，请重新保存后再试。") from error
    if text.strip() and not _is_plausible(text):
        raise UnreadablePlan("文件不是方案文本，请提供 txt 或 docx 文件。")
    return text


def _utf16_guess(content: bytes) -> str:
    """UTF-16 without a mark: line ends and digits leave zero bytes on one side only."""
    sample = content[:4000]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if len(content) % 2 or max(even, odd) == 0 or min(even, odd) * 4 > max(even, odd):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _is_plausible(text: str) -> bool:
    """Mostly letters, Chinese characters, digits, punctuation and line ends; no NUL."""
    sample = text[:20_000]
    if "\x00" in sample:
        return False
    good = sum(_is_ordinary(char) for char in sample)
    return good >= _PLAUSIBLE_SHARE * len(sample)


def _is_ordinary(char: str) -> bool:
    if char in "\r\n\t\x0c":
        return True
    if "\u4e00" <= char <= "\u9fff" or " " <= char <= "~":
        return True
    return unicodedata.category(char)[0] in "PSNZ" or unicodedata.category(char) == "Lu"


def _read_word(content: bytes) -> str:
    from campaign.reading.word import read_word

    try:
        check_office_archive(io.BytesIO(content), "docx", LARGEST_UNPACKED)
    except FileRefused as error:
        raise UnreadablePlan(error.reason) from error
    try:
        return read_word(content)
    except Exception as error:
        raise UnreadablePlan("Word 文件已损坏或不完整，请用 Word 打开后重新保存再试。") from error
