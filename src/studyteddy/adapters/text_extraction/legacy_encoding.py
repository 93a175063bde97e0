"""Guessing the encoding of text that is neither Unicode nor declared.

Every candidate decodes a sample; the one whose characters look most like its own languages wins. A character counts 1
where it is frequent in those languages, less where it only belongs to their script, and below 0 where no writer would
put it. Wrong candidates give rare letters, capitals inside words and symbols, so the right one stands out.
"""

from __future__ import annotations

import codecs

SAMPLE = 1 << 15
"""Bytes above 127 that are enough for a verdict."""

_COMMON, _RARE, _ODD, _BROKEN = 0.45, 0.25, -0.6, -4.0
_IDEOGRAPHIC = ("cp932", "euc_jp", "gb18030", "big5", "cp949")
_PUNCTUATION = frozenset("«»“”„‘’‚–—…·°§€£©®™ ¿¡،؛؟、。，：；！？「」『』（）《》【】・ー〜…　．％")
_CYRILLIC = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїєґў"
_KANJI = (
    "日一人年大十二本中長出三時行見月分後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先名川千水半男西電校語"
    "土木聞食車何南万毎白天母火右読友左休父雨者自動方法的用文字対応機能使作成設定実可能場合情報問題部全体理解数変更内容表示新"
)
_SIMPLIFIED = (
    "的一是不了在人有我他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都然没日于起还发"
    "成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知识问题使用支持理解进行内容数据系统模型"
)
_TRADITIONAL = (
    "的一是不了在人有我他這中大來上個國到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可里後小麼心多天而能好都然沒日於起還發"
    "成事只作當想看文無開手十用主行方又如前所本見經頭面公同三已老從動兩長知識問題使用支持理解進行內容數據系統模型"
)
_HANGUL = (
    "이다는을의에가를은로한하고지기사도서리시대자인해어아나수있그정주일과보전부라으들게것면원상만제여중스동와적성장조안"
)

_GREEK = "αοιετσνηυρπκλμςωδγίόάέήύώθχφβξζψϊ"
_HEBREW = "יוהלארתבמשנעםדקחפטכגסזןצךףץ"
_ARABIC = "اليمونرتبةدسعهقفكحجذشصخطأإضزىغظءئآؤپچگکی"
_POLISH, _CZECH, _HUNGARIAN, _ROMANIAN = "łęóążśćńź", "íáěéžýřščůúťďňóľĺôä", "áéőöóíüúű", "ăîâşţ"

_CANDIDATES: tuple[tuple[str, str], ...] = (
    ("cp1252", "éèàêçùâîôûëïœ"),
    ("cp1252", "üäößé"),
    ("cp1252", "óáíéñúüãçõâêà"),
    ("cp1252", "äåöøæé"),
    ("cp1252", "èàùòìé"),
    ("cp1250", _POLISH),
    ("cp1250", _CZECH),
    ("cp1250", _HUNGARIAN),
    ("cp1250", _ROMANIAN),
    ("iso8859_2", _POLISH),
    ("iso8859_2", _CZECH),
    ("iso8859_2", _HUNGARIAN),
    ("cp1254", "ıişğçüöâî"),
    ("cp1257", "ėšžųūįąčęāīēļķņģõäöü"),
    ("cp1251", _CYRILLIC),
    ("koi8_u", _CYRILLIC),
    ("cp866", _CYRILLIC),
    ("iso8859_5", _CYRILLIC),
    ("cp1253", _GREEK),
    ("cp1255", _HEBREW),
    ("cp1256", _ARABIC),
    ("iso8859_6", _ARABIC),
    ("cp874", "านรกเงอ่มย้ลวดทสตปแบ์ีิัะคหใไุโขจู็ชพำถซ"),
    ("cp932", _KANJI),
    ("euc_jp", _KANJI),
    ("gb18030", _SIMPLIFIED),
    ("big5", _TRADITIONAL),
    ("cp949", _HANGUL),
)
"""Encodings and the letters of a language written in them, most frequent first. Among equals the first wins."""

_WIDER = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
"""What browsers take for these names."""
_TOLERATED = 0.001


def guess(content: bytes, declared: str = "") -> str:
    """The name of the likeliest codec. A declared one is believed where the bytes don't contradict it."""
    sample = _sample(content)
    declared = _WIDER.get(declared, declared)
    if declared and not declared.startswith("utf") and _damage(sample, declared) <= _TOLERATED:
        return declared
    return max(_CANDIDATES, key=lambda candidate: _score(sample, *candidate))[0]


def _sample(content: bytes) -> bytes:
    """Whole lines from the first byte above 127 on: no character is cut, and no page of plain ASCII hides them."""
    start = next((index for index, byte in enumerate(content) if byte > 127), 0)
    start = content.rfind(b"\n", 0, start) + 1
    if len(content) - start <= SAMPLE:
        return content[start:]
    end = content.rfind(b"\n", start + SAMPLE // 2, start + SAMPLE)
    return content[start : end if end > 0 else start + SAMPLE]


def _damage(sample: bytes, name: str) -> float:
    text = codecs.decode(sample, name, "replace")
    return text[:-1].count("\ufffd") / max(1, len(text))


def _score(sample: bytes, name: str, alphabet: str) -> float:
    worth = {letter: 1.0 - 0.5 * rank / len(alphabet) for rank, letter in enumerate(dict.fromkeys(alphabet))}
    if name in _IDEOGRAPHIC:
        worth = dict.fromkeys(worth, 1.0)
    japanese = name in ("cp932", "euc_jp")
    total, count = 0.0, 0
    before = " "
    for character in codecs.decode(sample, name, "replace")[:-1]:
        if character > "\x7f":
            total += _worth(character, before, worth, japanese)
            count += 1
        before = character
    return total / count if count else 0.0


def _worth(character: str, before: str, frequent: dict[str, float], japanese: bool) -> float:
    if character == "\ufffd" or character < "\xa0" or "\ue000" <= character < "\uf900":
        return _BROKEN
    if character.isalpha() and "\u0370" <= character < "\u2e80" and before.isascii() and before.isalpha():
        return _BROKEN  # two alphabets in one word
    if character in frequent:
        return frequent[character]
    if "\u3041" <= character <= "\u30fe":
        return 1.0 if japanese else 0.0
    if character in _PUNCTUATION:
        return _COMMON
    if "\uff61" <= character <= "\uff9f" or "\u2500" <= character <= "\u25ff":
        return _ODD
    if character.isalpha():
        lower = character.lower()
        if lower != character and lower in frequent:
            return _ODD if before.islower() else _COMMON
        return _RARE if character >= "\u3400" else 0.0
    return _RARE if character.isdigit() or "\u0610" <= character <= "\u065f" else _ODD
