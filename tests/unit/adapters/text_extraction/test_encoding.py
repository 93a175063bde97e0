from __future__ import annotations

import pytest

from studyteddy.adapters.text_extraction.encoding import decode
from studyteddy.adapters.text_extraction.reading import Unreadable

SENTENCES = {
    "French": (
        "L'été, les élèves étudient où chaque réponse est notée à côté de l'énoncé. Ça dépend.",
        "cp1252 latin-1",
    ),
    "German": ("Die Prüfung über Größen fällt schwer, weil Schüler häufig nur kurz üben.", "cp1252 latin-1"),
    "Spanish": ("La evaluación del año pasado incluía preguntas. ¿Cómo se dividen las células?", "cp1252 latin-1"),
    "Portuguese": ("A avaliação não começou porque os alunos estavam na lição de história.", "latin-1"),
    "Italian": ("Perché gli studenti ripetono le parole la sera? La città è più tranquilla così.", "cp1252"),
    "Swedish": ("Eleverna övar ofta på kvällen, därför att minnet fungerar bäst före sömnen.", "latin-1"),
    "Polish": ("Uczniowie powtarzają słówka wieczorem, ponieważ pamięć działa wtedy najlepiej.", "cp1250 iso8859-2"),
    "Czech": ("Žáci často opakují slovíčka večer, protože paměť funguje nejlépe před spaním.", "cp1250 iso8859-2"),
    "Hungarian": ("A tanulók este ismétlik a szavakat. Árvíztűrő tükörfúrógép.", "cp1250 iso8859-2"),
    "Turkish": ("Öğrenciler akşamları kelimeleri tekrarlıyor, çünkü bellek daha iyi çalışıyor.", "cp1254"),
    "Russian": ("Ученики часто повторяют слова вечером.", "cp1251 koi8-r cp866 iso8859-5"),
    "Ukrainian": ("Учні часто повторюють слова ввечері. Її книга лежить на полиці.", "cp1251 koi8-u"),
    "Greek": ("Οι μαθητές επαναλαμβάνουν συχνά τις λέξεις το βράδυ.", "cp1253 iso8859-7"),
    "Hebrew": ("התלמידים חוזרים על המילים בערב, כי הזיכרון עובד טוב יותר.", "cp1255 iso8859-8"),
    "Arabic": ("يراجع الطلاب الكلمات في المساء لأن الذاكرة تعمل بشكل أفضل.", "cp1256 iso8859-6"),
    "Thai": ("นักเรียนทบทวนคำศัพท์ในตอนเย็น เพราะความจำทำงานได้ดี", "cp874"),
    "Lithuanian": ("Mokiniai dažnai kartoja žodžius vakare. Šią knygą įdėjo ūkininkas.", "cp1257"),
    "Japanese": ("生徒は夕方に単語を復習します。寝る前は記憶がよく働くからです。", "cp932 euc_jp iso2022_jp"),
    "Chinese": ("学生常常在晚上复习单词，因为睡觉之前记忆效果最好。", "gb18030"),
    "Taiwanese": ("學生常常在晚上複習單詞，因為睡覺之前記憶效果最好。", "big5"),
    "Korean": ("학생들은 저녁에 단어를 복습한다. 잠들기 전에 기억이 가장 잘 되기 때문이다.", "cp949"),
}
CASES = [(text, encoding) for text, encodings in SENTENCES.values() for encoding in encodings.split()]


@pytest.mark.parametrize(("text", "encoding"), CASES, ids=lambda value: value[:12])
def test_old_encodings_are_recognised_from_a_sentence(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("language", SENTENCES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_unicode_is_recognised_with_and_without_a_mark(language: str, encoding: str) -> None:
    text = f"{SENTENCES[language][0]}\nOne, two, three.\n"
    assert decode(text.encode(encoding)) == text


def test_a_cut_character_at_the_end_does_not_hide_the_encoding() -> None:
    text = SENTENCES["Japanese"][0]
    assert decode(text.encode("euc_jp")[:-1])[:-1] == text[:-1]


def test_utf8_with_a_few_damaged_bytes_stays_utf8() -> None:
    assert decode("Größe und Maß, été".encode() + b"\xff Ende") == "Größe und Maß, été\ufffd Ende"


def test_a_declared_encoding_is_believed_where_the_bytes_allow() -> None:
    page = '<meta charset="iso-8859-5"><p>Да</p>'
    assert decode(page.encode("iso8859-5"), markup=True) == page


def test_a_misleading_declaration_is_not_believed() -> None:
    page = f'<meta charset="utf-8"><p>{SENTENCES["Arabic"][0]}</p>'
    assert decode(page.encode("cp1256"), markup=True) == page


@pytest.mark.parametrize("content", [bytes(range(256)) * 8, b"\x00\x01\x02\x03" * 100, b"MZ" + b"\0" * 300])
def test_bytes_that_are_no_text_are_refused(content: bytes) -> None:
    with pytest.raises(Unreadable, match="type_mismatch"):
        decode(content)
