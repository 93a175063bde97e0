"""Search terms by Snowball stemming, for many languages at once and without a dictionary."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Protocol

CACHED_WORDS = 1 << 15
"""Words whose terms are remembered, per language: more than one text book uses."""

ENOUGH_FUNCTION_WORDS = 0.12
"""The share of function words from which a text counts as written in a language. Running text has 0.3 to 0.5 of them,
a text in another language below 0.1 (the few that languages share), lists of names and bare key words none."""

# Marks that belong to the letter before them. Python counts most of them as no part of a word.
_ACCENTS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u00ad\u200c\u200d"
_VOWEL_SIGNS = (
    "\u0900-\u0963\u0980-\u09e3\u0a00-\u0dff\u0e31-\u0e3a\u0e47-\u0e4e\u0eb1-\u0ebc\u0ec8-\u0ecd"
    "\u102b-\u109d\u17b4-\u17d3"
)
_WORD = re.compile(rf"[\w{_ACCENTS}{_VOWEL_SIGNS}]+(?:['\u2019.][\w{_ACCENTS}{_VOWEL_SIGNS}]+)*(?:\+\+|#)?")
_ASCII_WORD = re.compile(r"\w+(?:['.]\w+)*(?:\+\+|#)?", re.ASCII)
_ACCENT = re.compile(rf"[{_ACCENTS}]+")
_NUMBER = re.compile(r"\d+(?:\.\d+)+")
_HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

_PAIRED = (
    "\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_TRIPLED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_UNSPACED = re.compile(f"([{_PAIRED}]+)|([{_TRIPLED}]+)|[^{_PAIRED}{_TRIPLED}]+")

_BY_SCRIPT = (
    (0x0370, 0x03FF, "greek"),
    (0x0400, 0x052F, "russian"),
    (0x0530, 0x058F, "armenian"),
    (0x0600, 0x06FF, "arabic"),
    (0x0900, 0x097F, "hindi"),
    (0x0B80, 0x0BFF, "tamil"),
)
_LATIN_END = 0x0250

ENGLISH = "english"
UNKNOWN = "unknown"
_FUNCTION_WORDS = {
    ENGLISH: """
        a about am an and any are as at be because been being but by can could did do does doing done during
        each for from had has have having he her here hers herself him himself his how i in into is it its
        itself just me might mine must my myself of on onto or our ours ourselves shall she should so some
        such than that the their theirs them themselves then there these they this those to too upon us very
        was we were what when where whether which who whom whose why will with would you your yours yourself
        yourselves ain aren couldn didn doesn don hadn hasn haven isn mustn shan shouldn wasn weren wouldn ll
        ve re e.g i.e etc
    """,
    "german": """
        aber alle allem allen aller alles als also am an ander andere auch auf aus bei beim bin bis bist da
        damit dann das dass dein dem den denn der des dessen die dies diese diesem diesen dieser dieses doch
        dort du durch ein eine einem einen einer eines er es etwas euch fur für gibt hat hatte haben hier hin
        ich ihm ihn ihnen ihr ihre ihrem ihren im in ist ja jede jedem jeden jeder jedes jene kann kein keine
        können man mein mich mir mit muss nach nicht noch nun nur ob oder ohne sehr sein seine seinem seinen
        seiner sich sie sind so solche soll sondern über um und uns unter vom von vor wann warum was weil
        welche welchem welchen welcher welches wenn wer werden wie wieso wir wird wo wurde zu zum zur zwischen
    """,
    "french": """
        ai au aucun aussi autre aux avec avoir c ce ces cet cette comme comment d dans de des donc du elle
        elles en entre est et eu eux il ils je l la le les leur leurs lors lui m ma mais me mes moi mon n ne
        nos notre nous on ont ou où par pas peut plus pour pourquoi qu quand que quel quelle quelles quels qui
        quoi s sa sans se ses si son sont sur t ta te tes toi ton tous tout toute toutes tu un une vos votre
        vous y à été être
    """,
    "spanish": """
        al algo como con contra cual cuando de del desde donde dos el ella ellas ellos en entre era es esa ese
        eso esta estas este esto estos está están fue ha hace hacia han hasta hay la las le les lo los más me
        mi mis muy no nos o otra otro para pero por porque qué que quien se sea ser si sin sobre son su sus
        también te tiene todo todos tu un una uno unos y ya cómo cuál cuándo dónde
    """,
    "italian": """
        a ad agli ai al alla alle anche che chi ci come con cosa cui da dagli dai dal dalla dalle dei del
        della delle di dove e ed era essere gli ha hanno i il in io l la le lo loro ma mi nei nel nella nelle
        noi non o per perché più quale quali quando quanto quella quelle quelli quello questa queste questi
        questo se si sono sua sue sui sul sulla suo tra un una uno è
    """,
    "portuguese": """
        a ao aos as até com como da das de do dos e ela elas ele eles em entre era essa esse esta este foi há
        isso isto já lhe mais mas me mesmo muito na nas no nos não o os ou para pela pelas pelo pelos por
        porque qual quando que quem se sem ser seu seus sua suas são só também te tem um uma você à às é onde
    """,
    "dutch": """
        aan al alles als altijd andere ben bij daar dan dat de der deze die dit doen door dus een en er ge
        geen had heb hebben heeft hem het hier hij hoe hun iets ik in is ja je kan kon kunnen maar me meer men
        met mij mijn moet na naar niet nog nu of om omdat ons ook op over te tegen toch toen tot u uit uw van
        veel voor waarom waren was wat welke werd wezen wie wij wil worden wordt zal ze zich zij zijn zo
        zonder zou
    """,
}
_STOP = {language: frozenset(words.split()) for language, words in _FUNCTION_WORDS.items()}
_LANGUAGES_OF = {
    word: tuple(language for language, words in _STOP.items() if word in words)
    for word in frozenset().union(*_STOP.values())
}

# Plurals and forms of learned English words that no rule of the stemmer reaches.
_IRREGULAR = dict(
    pair.split(":")
    for pair in """matrices:matrix vertices:vertex indices:index appendices:appendix axes:axis analyses:analysis
        hypotheses:hypothesis theses:thesis bases:basis crises:crisis syntheses:synthesis parentheses:parenthesis
        criteria:criterion phenomena:phenomenon children:child women:woman men:man people:person mice:mouse feet:foot
        teeth:tooth leaves:leaf lives:life halves:half knives:knife wives:wife wolves:wolf
        began:begin begun:begin bought:buy broke:break broken:break brought:bring built:build came:come chose:choose
        chosen:choose drew:draw drawn:draw drove:drive driven:drive fell:fall fallen:fall felt:feel found:find
        gave:give given:give grew:grow grown:grow held:hold kept:keep knew:know known:know led:lead lost:lose
        made:make meant:mean met:meet paid:pay ran:run rose:rise risen:rise said:say sang:sing sung:sing sent:send
        shown:show shrank:shrink sold:sell spoke:speak spoken:speak spent:spend stood:stand swore:swear sworn:swear
        taken:take took:take taught:teach thought:think threw:throw thrown:throw told:tell understood:understand
        went:go gone:go won:win wore:wear worn:wear wrote:write written:write
        better:good best:good worse:bad worst:bad""".split()
)


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802


class SnowballAnalyzer:
    """A ``TextAnalyzer`` for text in any language.

    The script tells the stemmer, except for Latin letters: there the function words of the whole text tell it. Where
    they don't (key words, a table), a word gives its stem in each of the languages known here, so that it meets the
    same word in running text. Scripts written without spaces are cut into overlapping pairs (Chinese, Japanese, Korean)
    or triples (Thai and neighbours) of characters. Compound identifiers (``snake_case``, ``camelCase``, ``python3``)
    give themselves and their parts. Safe to share between threads.
    """

    def __init__(self) -> None:
        self._stemmers: dict[str, _Stemmer] = {}
        self._lock = threading.Lock()
        self._terms_in: dict[str, Callable[[str], tuple[str, ...]]] = {}

    def terms(self, text: str) -> list[str]:
        """The terms of ``text`` in reading order."""
        words = (_ASCII_WORD if text.isascii() else _WORD).findall(text)
        lookup = self._lookup(_language(words))
        return [term for word in words for term in lookup(word)]

    def _lookup(self, language: str) -> Callable[[str], tuple[str, ...]]:
        known = self._terms_in.get(language)
        if known is None:
            remembered = lru_cache(maxsize=CACHED_WORDS)(lambda word: tuple(self._terms_of(word, language)))
            known = self._terms_in.setdefault(language, remembered)
        return known

    def _terms_of(self, word: str, language: str) -> Iterator[str]:
        """The terms of one word as it stands in the text."""
        word = unicodedata.normalize("NFKC", word).replace("\u2019", "'").replace("\u00ad", "")
        lowered = word.casefold()
        stop = _STOP[ENGLISH if language == UNKNOWN else language]
        if lowered in stop:
            return
        if _NUMBER.fullmatch(word) or word.endswith(("++", "#")):
            yield lowered
            if lowered[-1].isdigit():
                return
            word = word.rstrip("+#")
        pieces = re.split("['.]", word)
        if len(pieces) > 2 and all(len(piece) == 1 for piece in pieces):
            yield "".join(pieces).casefold()
            return
        for position, piece in enumerate(pieces):
            if position and len(piece) <= 2 and piece.casefold() in ("s", "t", "d", "m", "ll", "re", "ve"):
                continue
            if len(pieces) > 1 and not position and piece.casefold() in ("l", "d", "j", "n", "s", "c", "qu"):
                continue
            for part in _parts(piece):
                if part.casefold() not in stop:
                    yield from self._in_script(part.casefold(), language)

    def _in_script(self, word: str, language: str) -> Iterator[str]:
        if word.isascii():
            yield from self._stems(word, language)
            return
        for match in _UNSPACED.finditer(word):
            pairs, triples = match.groups()
            if pairs:
                yield from _overlapping(pairs, 2)
            elif triples:
                yield from _overlapping(triples, 3)
            else:
                yield from self._stems(match[0], language)

    def _stems(self, word: str, language: str) -> list[str]:
        """The stem of a word, or the different stems that it has in the languages that it may belong to."""
        if word.isdigit() or "_" in word:
            return [word]
        code = ord(word[0])
        if code < _LATIN_END:
            languages: Sequence[str] = list(_STOP) if language == UNKNOWN else [language]
        else:
            languages = [name for first, last, name in _BY_SCRIPT if first <= code <= last]
        stems = [_folded(self._stem(word, name)) for name in languages] or [_folded(word)]
        return list(dict.fromkeys(stem for stem in stems if stem))

    def _stem(self, word: str, language: str) -> str:
        if language == ENGLISH:
            word = _IRREGULAR.get(word, word)
        with self._lock:  # a stemmer keeps the word that it works on
            stemmer = self._stemmers.get(language)
            if stemmer is None:
                import snowballstemmer

                stemmer = self._stemmers[language] = snowballstemmer.stemmer(language)
            return stemmer.stemWord(word)


def _language(words: Sequence[str]) -> str:
    """The language of a text in Latin letters, told by its function words; ``UNKNOWN`` where they are too few."""
    needed = max(1.0, ENOUGH_FUNCTION_WORDS * len(words))
    shares = dict.fromkeys(_STOP, 0)
    for word, count in Counter(filter(_LANGUAGES_OF.__contains__, map(str.lower, words))).items():
        for language in _LANGUAGES_OF[word]:
            shares[language] += count
    best = max(shares, key=lambda language: shares[language])
    return best if shares[best] >= needed else UNKNOWN


def _parts(word: str) -> list[str]:
    """A word; for a compound identifier the whole and its parts."""
    word = word.strip("_")
    if not word:
        return []
    if not word.isascii() or (word.isalpha() and (word.islower() or word.isupper())):
        return [word]
    humps = [hump for hump in _HUMP.findall(word) if len(hump) > 1 or not hump.isdigit()]
    return [word] if humps == [word] else [word, *humps]


def _overlapping(run: str, width: int) -> Iterator[str]:
    if len(run) <= width:
        yield run
        return
    for start in range(len(run) - width + 1):
        yield run[start : start + width]


def _folded(word: str) -> str:
    if word.isascii():
        return word
    return unicodedata.normalize("NFC", _ACCENT.sub("", unicodedata.normalize("NFKD", word)))
