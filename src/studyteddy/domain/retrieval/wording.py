"""The words in which people ask, against the words in which books answer.

A question uses many words that carry nothing ("what happens if I get ..."), and everyday words for things that a text
calls otherwise. Both matter most where no language model helps the search. The lists are English, the language of most
study material; in other languages they change little.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

EVERYDAY_WEIGHT = 0.35
RELATED_WEIGHT = 0.2
"""Against 1 for a word of the question itself. By ``benchmarks/retrieval_quality.py``: with everyday words at full
weight 2 of 100 questions less find their page in one document; without related words 2 of 100 less find it among all
documents; related words at 0.25 or more lower nDCG in the judged collections."""

EVERYDAY = """
    if all also up out no not or and more most less much many few only other another same own very really
    actually ever even still already again away back down off over under around through between before after
    during until since while once always never sometimes often get gets got give given go goes going come
    comes came take takes taken make makes made put puts use used uses using do keep tell say said call called
    mean means explain describe happen happens want need try let know look seem like kind sort type way ways
    thing things something anything everything one two first last part people person someone somebody anyone
    work works working possible well good best better example turn end begin start stand show find found think
    become word point instead without within against along across else exactly simply just almost yet now
    however because both every each long far main right different difference certain
"""

RELATED = """
    error mistake fault bug flaw wrong incorrect; fast quick rapid speed speedy efficient; slow inefficient;
    fix repair correct debug; find locate search seek discover detect spot; pick choose select choice selection;
    build construct create make produce generate; split divide partition separate break;
    join merge combine concatenate unite; begin start initial commence; end finish terminate stop halt complete;
    big large huge great; small little tiny; show display print output present;
    picture image figure drawing diagram illustration graph; draw plot sketch;
    delete remove erase discard drop eliminate; add insert append attach; change modify alter update mutate edit;
    copy duplicate replicate clone reproduce; keep store save retain preserve hold;
    get obtain retrieve fetch acquire receive; give provide supply pass deliver; allow permit enable let;
    forbid prohibit ban prevent disallow; need require necessary must; help aid assist support;
    use employ apply utilize usage; name identifier label call term; word term token;
    meaning definition sense define semantics; explain describe clarify; answer solution result response reply;
    question problem query; guess estimate predict prediction hypothesis; check test verify examine validate;
    compare contrast comparison; same equal identical equivalent; different distinct unequal differ;
    part piece component portion segment fragment; whole entire total complete;
    group set class cluster category collection; sort order arrange rank; kind type sort class category;
    rule law principle; law statute legislation act legal; court judge lawsuit justice; lawyer attorney counsel;
    money cost price fee payment pay expense; buy purchase; sell sale;
    company firm business corporation enterprise; worker employee staff labor; job task work occupation profession;
    author writer; own owner property possess possession ownership; steal theft piracy pirate;
    free gratis unrestricted; freedom liberty; permission license consent authorization; film movie cinema motion;
    song music recording tune; book volume text; newspaper press journalist; radio broadcast station;
    internet web online network; computer machine; program software application code; programmer developer coder;
    function procedure method routine subroutine; argument parameter input; output result return;
    loop iterate iteration repeat repetition cycle; repeat again recur; condition test predicate boolean;
    decide decision determine; choice option alternative decision; list array sequence;
    number numeric integer digit; fraction decimal float floating; text string character; letter character;
    true boolean false; value quantity amount; variable name attribute; constant fixed unchanging immutable;
    object instance; field attribute property member; inherit inheritance subclass derive; parent superclass base;
    child subclass descendant; hide conceal encapsulation private encapsulate; public visible accessible;
    memory storage store; file document; folder directory; path route way; line row; column field;
    table grid matrix; key index; tree hierarchy; root top; leaf leaves terminal; node vertex point vertices;
    edge arc link connection; weight cost; short brief; shortest minimum least smallest;
    longest maximum greatest largest; best optimal optimum; minimize reduce lower decrease shrink;
    maximize increase raise grow; rise increase grow climb; fall decrease drop decline; average mean;
    chance probability likelihood odds probable; random chance arbitrary; error loss mistake;
    train learn training learning fit; predict classify prediction; boundary border line frontier; straight linear;
    curve curved nonlinear; bend curve curvature; distance length metric; near close neighbor adjacent;
    far distant; inside interior inner internal; outside exterior outer external; above over upper;
    below under beneath lower; empty blank null none; full complete filled; open accessible; close shut closed;
    connected connect linked link join; way method approach technique manner means; step stage phase;
    goal aim purpose objective target; reason cause why motive; effect result consequence outcome impact;
    happen occur event; trouble problem difficulty issue hard; hard difficult tough challenging;
    easy simple straightforward; clear obvious evident plain; important essential crucial key significant;
    famous known renowned; old ancient former; new recent modern novel; early earlier first; late later last;
    before previous prior earlier preceding; after following subsequent next; now current present;
    forever infinite endless infinitely eternal; often frequent frequently common; rare seldom uncommon infrequent;
    always invariably every; never none; many several numerous multiple; few rare several;
    enough sufficient suffice; missing absent lack; exist existence; appear occur; seem appear;
    think believe consider; idea concept notion thought; proof prove demonstrate demonstration; claim assert state;
    statement assertion; example instance illustration; shape form figure; size length magnitude; color colour;
    sound audio noise; see view look observe watch; hear listen; read scan; write compose; speak talk say tell;
    tell inform report; ask request query; travel trip journey tour; move shift transfer; walk traverse traversal;
    go travel move; run execute execution; send transmit transfer; wait delay pause; turn rotate rotation;
    switch swap exchange; exchange swap trade; share distribute sharing; spread distribute;
    gather collect accumulate; measure quantify; count number tally; calculate compute evaluate;
    plus add addition sum; minus subtract subtraction difference; times multiply multiplication product;
    divide division quotient; power exponent exponential; remainder modulo modulus; bracket parenthesis;
    symbol character sign; mark sign; note remark comment; comment remark annotation; hint clue tip;
    trick technique; limit bound restriction restrict; restrict limit constrain constraint;
    control govern regulate; protect guard secure defend; danger risk hazard threat; safe secure; attack assault;
    war battle fight conflict; soldier troop army; kill death die; doctor physician medical;
    patient sick ill illness disease; medicine drug; country nation state; government state politics; city town;
    people person human; man human person; woman female; child kid children; friend companion;
    family relative home; house home building; school university education; teacher professor instructor;
    student pupil learner; study learn research; science scientific scientist; history past; story tale narrative;
    food eat meal; water river sea; fire burn; air wind; light lamp; day date; year annual; hour time;
    minute moment; quickly rapidly; suddenly abruptly; together jointly; alone single only; single one sole;
    two pair double both; half middle; middle center centre central; edge border boundary; surface area;
    area region zone; place location position site; position location place index; height level depth; deep depth;
    wide width broad; high tall; strong powerful power; weak feeble; rich wealthy; true correct right;
    invent inventor invention discover; inventor creator founder; brain neuron neural biology; cell neuron;
    layer level; approximate approximation estimate roughly; exact precise exactly accurate;
    accuracy precision accurate; convert transform translate conversion; translate translation interpret;
    compile compiler; interpret interpreter; user person; type enter; press click push; store shop;
    overlap conflict intersect; schedule timetable; lecture class course; tape disk;
    compress compression encode encoding; encode code encoding; secret hidden private; password login;
    negative minus; positive plus; odd uneven; assign assignment set; declare declaration;
    initialize initial default; default standard; standard norm; normal usual typical;
    usual typical common ordinary; strange odd weird unusual; special particular specific;
    general generic universal; abstract abstraction; detail specific; summary overview; describe description;
    require requirement; express expression; conclude conclusion; explain explanation; permit permission;
    solve solution; receive reception; assume assumption; reduce reduction; introduce introduction;
    produce production product; destroy destruction; invade invasion; extend extension expand;
    decompose decomposition break; recursive recursion recur
"""


@dataclass(frozen=True, slots=True)
class Wording:
    """Everyday terms and related terms, as an analyzer gives them."""

    everyday: frozenset[str]
    related: Mapping[str, Sequence[str]]

    def weigh(self, query_terms: Iterable[str]) -> dict[str, float]:
        """The weight of each term to search for: those of the question, and those related to them."""
        own = {term: EVERYDAY_WEIGHT if term in self.everyday else 1.0 for term in query_terms}
        weights = dict(own)
        for term, weight in own.items():
            if weight == 1.0:
                weights |= {other: RELATED_WEIGHT for other in self.related.get(term, ()) if other not in own}
        return weights


PLAIN = Wording(everyday=frozenset(), related={})
"""Takes every word of a question for what it is."""


def english_wording(terms_of: Callable[[str], Sequence[str]]) -> Wording:
    """The wording of English, in the terms of an analyzer (``TextAnalyzer.terms``)."""
    related: dict[str, dict[str, None]] = {}
    for group in RELATED.split(";"):
        terms = _english(terms_of, group)
        for term in terms:
            related.setdefault(term, {}).update(dict.fromkeys(other for other in terms if other != term))
    return Wording(
        everyday=frozenset(_english(terms_of, EVERYDAY)),
        related={term: tuple(others) for term, others in related.items()},
    )


def _english(terms_of: Callable[[str], Sequence[str]], words: str) -> Sequence[str]:
    """The terms of loose words; articles between them show the analyzer that they are English."""
    return terms_of("the " + " the ".join(words.split()))
