"""An encoding is told from the bytes alone, and European texts are never taken for others."""

import pytest

from curtilage.connectors.ports import Document, Limits
from curtilage.connectors.reading.encodings import guess_encoding
from curtilage.connectors.reading.text import decode


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "Ngày sinh, số điện thoại, địa chỉ"),
        ("cp1252", "Número de teléfono, dirección, año de nacimiento, José Núñez Peña"),
        ("cp1252", "Straße, Größe, Übergröße, Jürgen Müller-Lüdenscheidt"),
        ("cp1252", "Né à l'étranger: créé, où, ça, élève, façade, naïf, Noël, cœur"),
        ("gb18030", "姓名：王小明，出生日期：一九九零年，没有合法身份"),
        ("big5", "姓名：王小明，出生日期：一九九零年，沒有合法身分"),
        ("cp932", "氏名と生年月日、在留カードの番号を記入してください"),
        ("euc_jp", "氏名と生年月日、在留カードの番号を記入してください"),
        ("cp949", "이름과 생년월일 외국인등록번호를 적어 주십시오"),
        ("utf-16-le", "Name, phone, address"),
        ("utf-16-be", "Name, phone, address"),
    ],
)
def test_texts_of_every_language_are_told_by_their_bytes(encoding, text):
    assert guess_encoding(text.encode(encoding)) == encoding


def test_a_character_that_is_cut_off_does_not_count_against_an_encoding():
    assert guess_encoding("Ngày sinh số".encode()[:-1]) == "utf-8"


def test_a_damaged_byte_does_not_change_the_encoding_of_a_text():
    assert guess_encoding("địa chỉ, số điện thoại".encode() + b"\xff") == "utf-8"
    assert guess_encoding(b"abc \xff") == "cp1252"


@pytest.mark.parametrize("text", [b"", b"plain", b"a\0b\0", b"\0\0\0\0"])
def test_a_text_that_tells_nothing_is_not_taken_for_an_east_asian_one(text):
    assert guess_encoding(text) in {"utf-8", "utf-16-le"}


def test_places_are_read_in_the_same_encoding():
    document = Document(
        "a.csv", "姓名,地址,备注\n王小明,北京市朝阳区,没有身份证件\n".encode("gb18030"), Limits()
    )

    assert decode(document).startswith("姓名,地址")
