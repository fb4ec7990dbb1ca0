import hashlib
from contextlib import suppress
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from django import forms
from django.core.files.base import ContentFile
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core import files, office_archive
from core.files import PICTURES, check_upload, clean_name, decoded
from core.refusal import FileRefused

ORIENTATION, GPS, CAMERA = 0x0112, 0x8825, 0x0110


def picture(picture_format="JPEG", size=(60, 40), mode="RGB", **saving):
    written = BytesIO()
    Image.new(mode, size, "navy").save(written, picture_format, **saving)
    return written.getvalue()


def docx(parts=()):
    """A document, with further parts as (name, content) pairs."""
    written = BytesIO()
    Document().save(written)
    with ZipFile(written, "a", ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return written.getvalue()


def xlsx():
    written = BytesIO()
    openpyxl.Workbook().save(written)
    return written.getvalue()


def upload(name, data):
    return ContentFile(data, name=name)


def refusal(name, data, **options):
    with pytest.raises(FileRefused) as caught:
        check_upload(upload(name, data), **options)
    return caught.value.reason


# --- What may come in -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("现场.jpg", picture()),
        ("现场.JPEG", picture()),
        ("截图.png", picture("PNG")),
        ("海报.webp", picture("WEBP")),
        ("通知.pdf", b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"),
        ("纪要.docx", docx()),
        ("名单.xlsx", xlsx()),
        ("要点.txt", "座谈会要点".encode("gb18030")),
    ],
)
def test_ordinary_files_are_taken(name, data):
    checked = check_upload(upload(name, data))

    stored = checked.content.read()
    assert checked.name == name
    assert checked.is_picture is (checked.thumbnail is not None)
    assert (checked.size_bytes, checked.sha256) == (
        len(stored),
        hashlib.sha256(stored).hexdigest(),
    )


def test_the_name_on_disk_is_made_here():
    first, second = (check_upload(upload("../../现场.jpg", picture())) for _ in range(2))

    assert first.name == "现场.jpg"
    assert first.content.name != second.content.name
    assert str(first.content.name).endswith(".jpg")
    assert "现场" not in str(first.content.name)


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("图.svg", "不能上传SVG文件。可以上传：JPG、PNG、WEBP、PDF、DOCX、XLSX、PPTX、TXT。"),
        ("页.html", "不能上传HTML文件。可以上传：JPG、PNG、WEBP、PDF、DOCX、XLSX、PPTX、TXT。"),
        ("程序.jpg.exe", "不能上传EXE文件。可以上传：JPG、PNG、WEBP、PDF、DOCX、XLSX、PPTX、TXT。"),
        (
            "README",
            "不能上传没有扩展名的文件。可以上传：JPG、PNG、WEBP、PDF、DOCX、XLSX、PPTX、TXT。",
        ),
        ("现场.heic", "不能上传HEIC文件。请在手机相机设置里选“兼容性最佳”，或转成JPG后再上传。"),
        ("纪要.doc", "不能上传DOC文件。请另存为DOCX后再上传。"),
    ],
)
def test_other_kinds_are_refused_with_advice(name, advice):
    assert refusal(name, b"whatever") == advice


def test_a_place_for_pictures_takes_only_pictures():
    assert refusal("纪要.docx", docx(), allowed=PICTURES) == (
        "不能上传DOCX文件。可以上传：JPG、PNG、WEBP。"
    )


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("图.jpg", picture("PNG")),
        ("图.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("图.png", b"GIF89a"),
        ("图.png", picture("PNG")[:60]),
        ("文.pdf", picture()),
        ("文.pdf", b"%PDF-1.7 cut short"),
        ("文.docx", xlsx()),
        ("文.xlsx", docx()),
        ("文.docx", b"\xd0\xcf\x11\xe0 an old or encrypted document"),
        ("文.docx", docx()[:2000]),
        ("文.txt", b"MZ\x90\x00\x03\x00\xff\xff\xff"),
        ("文.txt", b"<!DOCTYPE html><script>alert(1)</script>"),
        ("文.txt", b"\xef\xbb\xbf  <?xml version='1.0'?><svg/>"),
        ("文.txt", b""),
    ],
)
def test_content_that_is_not_what_its_name_says_is_refused(name, data):
    assert refusal(name, data).endswith(("上传。", "选择。"))


@given(st.binary(max_size=200), st.sampled_from(files.ALLOWED))
def test_no_content_makes_the_check_fall_over(data, extension):
    with suppress(FileRefused):
        check_upload(upload(f"x.{extension}", data))


def test_a_file_one_byte_over_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(files, "TEXT_BYTES", 5 * files.MEGABYTE)

    assert check_upload(upload("文.txt", b"a" * files.TEXT_BYTES)).size_bytes == files.TEXT_BYTES
    assert refusal("文.txt", b"a" * (files.TEXT_BYTES + 1)) == (
        "这个文件超过5 MB。请压缩或拆分后再上传。"
    )


def test_a_form_shows_the_refusal_beside_the_field():
    class UploadForm(forms.Form):
        file = forms.FileField()

        def clean_file(self):
            return check_upload(self.cleaned_data["file"])

    form = UploadForm(files={"file": upload("图.svg", b"<svg/>")})

    assert form.errors["file"][0].startswith("不能上传SVG文件。")


# --- Pictures ---------------------------------------------------------------------------


def test_a_picture_is_stripped_of_place_camera_and_comment_and_turned_upright():
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[CAMERA] = "secret camera"
    exif.get_ifd(GPS).update({1: "N", 2: (39.0, 4.0, 30.0)})
    data = picture(exif=exif, comment=b"secret comment")

    stored = check_upload(upload("现场.jpg", data)).content.read()

    with Image.open(BytesIO(stored)) as kept:
        assert kept.size == (40, 60)
        assert dict(kept.getexif()) == {}
        assert "comment" not in kept.info
    assert b"secret" in data
    assert b"secret" not in stored


def test_something_hidden_behind_a_picture_is_gone():
    stored = check_upload(upload("图.png", picture("PNG") + b"<script>PK")).content.read()

    assert b"script" not in stored


def test_a_large_photo_is_kept_smaller_and_has_a_thumbnail():
    checked = check_upload(upload("现场.jpg", picture(size=(5000, 2500))))

    assert checked.thumbnail is not None
    assert Image.open(checked.content).size == (2560, 1280)
    assert Image.open(checked.thumbnail).size == (480, 240)


def test_transparency_survives_and_the_thumbnail_is_white_behind_it():
    written = BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(written, "PNG")

    checked = check_upload(upload("标志.png", written.getvalue()))

    assert checked.thumbnail is not None
    assert Image.open(checked.content).mode == "RGBA"
    assert Image.open(checked.thumbnail).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("name", "picture_format", "mode"),
    [
        ("图.png", "PNG", "1"),
        ("图.png", "PNG", "L"),
        ("图.png", "PNG", "P"),
        ("图.png", "PNG", "RGBA"),
        ("图.png", "PNG", "I;16"),
        ("图.jpg", "JPEG", "CMYK"),
    ],
)
def test_pictures_of_every_colour_mode_are_taken(name, picture_format, mode):
    written = BytesIO()
    Image.new(mode, (10, 10)).save(written, picture_format)

    assert check_upload(upload(name, written.getvalue())).is_picture


def test_the_pixel_cap_is_asked_before_decoding(monkeypatch):
    monkeypatch.setattr(files, "PICTURE_PIXELS", 100)
    monkeypatch.setattr(Image.Image, "thumbnail", lambda *_: pytest.fail("was decoded"))

    assert "像素" in refusal("图.png", picture("PNG", size=(101, 1)))


def test_a_pixel_bomb_is_refused():
    written = BytesIO()
    Image.new("1", (20_000, 20_000)).save(written, "PNG")

    assert len(written.getvalue()) < 100_000
    assert refusal("图.png", written.getvalue()) == "这张图片超过2500万像素。请缩小后再上传。"


# --- Office documents -------------------------------------------------------------------


def test_a_document_that_unpacks_too_large_is_refused_before_it_is_read(monkeypatch):
    data = docx([("word/big.xml", b"0" * (3 * office_archive.MEGABYTE))])
    monkeypatch.setattr(office_archive, "_check_markup", lambda *_: pytest.fail("was read"))

    assert refusal("文.docx", data) == "这个文件展开后过大，没有打开。请拆分后再上传。"


def test_many_parts_together_count(monkeypatch):
    monkeypatch.setattr(office_archive, "UNPACKED_LIMIT", 10_000)

    assert "展开后过大" in refusal("文.docx", docx())


@pytest.mark.parametrize(
    "part",
    [
        ("word/vbaProject.bin", b"x"),
        ("word/activeX/activeX1.xml", b"<x/>"),
        ("[Content_Types].xml", b"<x>ms-word.document.macroEnabled.main+xml</x>"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_macros_are_refused(part):
    assert "宏" in refusal("文.docx", docx([part]))


@pytest.mark.parametrize(
    "markup",
    [
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>',
        b"<?xml version='1.0'?>" + b" " * 65_511 + b"<!DOCTYPE x><x/>",
        "<!DOCTYPE x><x/>".encode("utf-16"),
    ],
)
def test_a_declaration_anywhere_in_the_markup_is_refused(markup):
    assert "DTD" in refusal("文.docx", docx([("word/extra.xml", markup)]))


def linked_document(kind):
    link = f'<Relationship Type="http://x/{kind}" Target="http://h/" TargetMode="External"/>'
    return docx([("word/_rels/other.xml.rels", link)])


def test_a_template_fetched_on_opening_is_refused():
    assert "别处的内容" in refusal("文.docx", linked_document("attachedTemplate"))


def test_an_ordinary_hyperlink_is_not_a_template():
    assert check_upload(upload("文.docx", linked_document("hyperlink"))).extension == "docx"


# --- Names and text ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("C:\\fakepath\\现场.jpg", "现场.jpg"),
        ("../../etc/现场.jpg", "现场.jpg"),
        ("现\r\n场\x00\u202e.jpg", "现 场.jpg"),
        ("长" * 300 + ".jpg", "长" * 116 + ".jpg"),
        ("", ""),
    ],
)
def test_names_are_the_last_part_on_one_line_and_not_too_long(sent, kept):
    assert clean_name(sent) == kept


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030"])
def test_text_is_read_in_the_encodings_offices_use(encoding):
    assert decoded("序号,单位：眼视光工程学院".encode(encoding)) == "序号,单位：眼视光工程学院"
