import io
import zipfile

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from campaign.reading.files import UnreadablePlan, read_plan_bytes, read_plan_file

NOTICE = "关于开展读书活动的通知\n各党总支：\n请于10月15日前报送总结。\n"


def word_document(build):
    document = Document()
    build(document)
    stored = io.BytesIO()
    document.save(stored)
    return stored.getvalue()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_text_is_read_in_every_usual_encoding(encoding):
    assert read_plan_bytes(NOTICE.encode(encoding)) == NOTICE


def test_paragraphs_and_table_rows_of_a_word_document_become_lines():
    def build(document):
        document.add_paragraph("关于开展读书活动的通知")
        table = document.add_table(rows=2, cols=2)
        for row, words in enumerate((("时间", "责任部门"), ("3月1日—3月20日", "组织部"))):
            for column, word in enumerate(words):
                table.cell(row, column).text = word

    assert read_plan_bytes(word_document(build)).split("\n") == [
        "关于开展读书活动的通知",
        "时间\t责任部门",
        "3月1日—3月20日\t组织部",
    ]


def test_automatic_numbers_of_a_word_document_are_read_as_printed():
    def build(document):
        for title in ("总体要求", "方法步骤"):
            document.add_paragraph(title, style="List Number")

    assert read_plan_bytes(word_document(build)).split("\n") == ["1.总体要求", "2.方法步骤"]


def test_deleted_words_of_a_word_document_are_left_out():
    def build(document):
        paragraph = document.add_paragraph("研讨")
        deletion = OxmlElement("w:del")
        run, words = OxmlElement("w:r"), OxmlElement("w:delText")
        words.text = "旧"
        run.append(words)
        deletion.append(run)
        paragraph._p.append(deletion)
        insertion = OxmlElement("w:ins")
        run, words = OxmlElement("w:r"), OxmlElement("w:t")
        words.text = "主题"
        words.set(qn("xml:space"), "preserve")
        run.append(words)
        insertion.append(run)
        paragraph._p.append(insertion)

    assert read_plan_bytes(word_document(build)) == "研讨主题"


def archive(parts):
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in parts.items():
            written.writestr(name, content)
    return stored.getvalue()


def bomb():
    """A small file that unpacks to 1 GB, written without ever holding that much."""
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as written:
        written.writestr("word/document.xml", "<w/>")
        with written.open("word/media/image.xml", "w", force_zip64=True) as part:
            for _ in range(64):
                part.write(b"\0" * (16 * 1024 * 1024))
    return stored.getvalue()


BAD_FILES = {
    "empty": (b"", "文件是空的，没有可以识读的内容。"),
    "blank": (b" \r\n\t", "文件是空的，没有可以识读的内容。"),
    "encrypted Word": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le"),
        "文件已加密，请取消密码后重新保存为 docx 再试。",
    ),
    "old Word": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500,
        "这是旧版 Word（.doc）或其他 Office 文件，请另存为 docx 或 txt 再试。",
    ),
    "PDF": (b"%PDF-1.7\n", "这是PDF 文件，不是方案文本，请提供 txt 或 docx 文件。"),
    "picture": (
        b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
        "这是图片，不是方案文本，请提供 txt 或 docx 文件。",
    ),
    "spreadsheet": (
        archive({"[Content_Types].xml": "spreadsheetml.sheet.main+xml"}),
        "这个文件的内容不是DOCX，与扩展名不符。请检查后重新选择。",
    ),
    "broken zip": (
        b"PK\x03\x04" + b"junk" * 30,
        "这个文件不是完整的DOCX文件，或者设了密码。请取消密码、重新保存后再上传。",
    ),
    "entities": (
        archive(
            {
                "[Content_Types].xml": "wordprocessingml.document.main+xml",
                "word/document.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
            }
        ),
        "这个文件含有不允许的声明（DTD）。请用办公软件重新保存后再上传。",
    ),
    "Word without a document": (
        archive({"[Content_Types].xml": "wordprocessingml.document.main+xml"}),
        "Word 文件已损坏或不完整，请用 Word 打开后重新保存再试。",
    ),
    "noise": (
        bytes(range(256)) * 20,
        "文件不是可识别的文本（支持 UTF-8、GBK/GB18030、UTF-16），请另存后再试。",
    ),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_refused_with_one_clear_sentence(name):
    content, sentence = BAD_FILES[name]

    with pytest.raises(UnreadablePlan) as refusal:
        read_plan_bytes(content)

    assert str(refusal.value) == sentence


def test_a_file_that_unpacks_to_a_gigabyte_is_refused_before_it_is_unpacked():
    content = bomb()

    with pytest.raises(UnreadablePlan) as refusal:
        read_plan_bytes(content)

    assert len(content) < 20 * 1024 * 1024
    assert str(refusal.value) == "这个文件展开后过大，没有打开。请拆分后再上传。"


def test_a_word_document_without_words_is_refused():
    with pytest.raises(UnreadablePlan, match="文件里没有文字"):
        read_plan_bytes(word_document(lambda document: document.add_paragraph("")))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UnreadablePlan) as refusal:
        read_plan_file(tmp_path / "方案.txt")

    assert str(refusal.value) == "找不到文件“方案.txt”。"
