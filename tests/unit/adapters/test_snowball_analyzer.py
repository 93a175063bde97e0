from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyteddy.adapters.snowball_analyzer import SnowballAnalyzer

ENGLISH = (
    "The perceptron learns from its mistakes: whenever the predicted class differs from the right one, the weights "
    "of the features that were active are changed. Generalization is what matters to us, not memorization."
)
GERMAN = (
    "Ein topologischer Raum heißt kompakt, wenn jede seiner offenen Überdeckungen eine endliche Teilüberdeckung hat."
)


@pytest.fixture(scope="module")
def analyzer() -> SnowballAnalyzer:
    return SnowballAnalyzer()


def shared(analyzer: SnowballAnalyzer, query: str, text: str) -> bool:
    """Whether a query finds a text."""
    return bool(set(analyzer.terms(query)) & set(analyzer.terms(text)))


def test_words_are_lower_case_stemmed_and_in_order_with_repeats(analyzer: SnowballAnalyzer) -> None:
    assert analyzer.terms("The loops are looping, and the Loop looped") == ["loop", "loop", "loop", "loop"]


def test_words_without_meaning_are_left_out(analyzer: SnowballAnalyzer) -> None:
    assert analyzer.terms("What is it that we would do with them? Don't they have this?") == []


def test_text_without_words_has_no_terms(analyzer: SnowballAnalyzer) -> None:
    for text in ("", " \n\t", "!? -- ... ()", "\u0301\u00ad", "___"):
        assert analyzer.terms(text) == []


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("Why is the café naïve?", "the cafes are naive"),
        ("What is a ﬁnite ＳＥＴ?", "the finite sets"),
        ("What are matrices?", "the matrix"),
        ("Who wrote it?", "the writing of it"),
        ("Which vertices are chosen?", "you choose a vertex"),
        ("What's the reader’s opinion?", "the readers of it"),
        ("the soft\u00adware", "the software"),
        ("the U.S.A.", "in the USA"),
    ],
)
def test_another_form_of_a_word_finds_it(analyzer: SnowballAnalyzer, query: str, text: str) -> None:
    assert shared(analyzer, query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("snake case", "the variable snake_case is new"),
        ("snake_case", "the variable snake_case is new"),
        ("What does getHashCode do?", "call the getHashCode() of it"),
        ("hash code", "call the getHashCode() of it"),
        ("What is new in C++?", "a class in C++ has"),
        ("Is C# typed?", "the language C# is"),
        ("the value 3.14", "about 3.14, which is pi"),
        ("python", "it runs in Python3"),
        ("What does __init__ do?", "def __init__(self)"),
        ("os.path", "the os.path.join of it"),
        ("i++", "for (int i = 0; i < n; i++)"),
        ("HTTP server", "an HTTPServer is"),
    ],
)
def test_identifiers_and_numbers_are_found_whole_and_by_their_parts(
    analyzer: SnowballAnalyzer, query: str, text: str
) -> None:
    assert shared(analyzer, query, text)


def test_c_plus_plus_is_not_c_sharp(analyzer: SnowballAnalyzer) -> None:
    assert "c++" in analyzer.terms("the language C++")
    assert "c++" not in analyzer.terms("the language C#")


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("Was sind kompakte Räume?", GERMAN),
        ("topologische Räume", GERMAN),
        ("Überdeckung", GERMAN),
        (
            "Quels sont les théorèmes de la géométrie ?",
            "Le théorème est une proposition qui se démontre dans la géométrie.",
        ),
        ("¿Qué son las ecuaciones?", "La ecuación es una igualdad entre dos expresiones."),
        ("уравнения", "Решение дифференциального уравнения"),
        ("εξισώσεις", "η εξίσωση"),
        ("الكتب", "هذا الكتب المدرسية"),
        ("深度学习", "本章介绍深度学习的基础。"),
        ("学習とは何ですか", "機械学習の入門"),
        ("한국어", "이것은 한국어 문서입니다"),
        ("ประเทศไทย", "ในประเทศไทยมีฤดูฝน"),
        ("प्रकाश संश्लेषण", "पौधों में प्रकाश संश्लेषण होता है"),
        ("Python入門", "Python の入門書"),
    ],
)
def test_a_text_in_another_language_is_found_in_that_language(
    analyzer: SnowballAnalyzer, query: str, text: str
) -> None:
    assert shared(analyzer, query, text)


def test_key_words_without_a_sign_of_their_language_find_running_text(analyzer: SnowballAnalyzer) -> None:
    assert set(analyzer.terms(GERMAN)) & set(analyzer.terms("offene Überdeckungen"))
    assert {"general", "memor"} <= set(analyzer.terms("generalization memorization")) & set(analyzer.terms(ENGLISH))


def test_german_function_words_are_left_out_of_german_only(analyzer: SnowballAnalyzer) -> None:
    assert "die" not in analyzer.terms("Die Menge ist die Vereinigung der beiden anderen.")
    assert "die" in analyzer.terms("the die is cast and you throw it again")


def test_both_stemmers_of_snowball_give_the_same_stems() -> None:
    quick = pytest.importorskip("Stemmer", reason="PyStemmer, the quick twin of snowballstemmer, is not installed")
    from snowballstemmer.english_stemmer import EnglishStemmer
    from snowballstemmer.german_stemmer import GermanStemmer

    words = (
        f"{ENGLISH} {GERMAN} dying skies generously news consistency knightly organisation proceed".casefold().split()
    )
    assert [EnglishStemmer().stemWord(word) for word in words] == quick.Stemmer("english").stemWords(words)
    assert [GermanStemmer().stemWord(word) for word in words] == quick.Stemmer("german").stemWords(words)


@given(st.text(max_size=300))
def test_any_text_gives_lower_case_terms_without_space(text: str) -> None:
    for term in SHARED.terms(text):
        assert term
        assert term == term.casefold()
        assert not any(character.isspace() for character in term)


@given(st.text(max_size=300))
def test_equal_text_gives_equal_terms_in_a_new_analyzer(text: str) -> None:
    assert SHARED.terms(text) == SnowballAnalyzer().terms(text)


def test_threads_share_an_analyzer() -> None:
    fresh = SnowballAnalyzer()
    texts = [f"{ENGLISH} {GERMAN} number{index} generalizations{index % 7}" for index in range(200)]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(fresh.terms, texts)) == [SHARED.terms(text) for text in texts]


SHARED = SnowballAnalyzer()
