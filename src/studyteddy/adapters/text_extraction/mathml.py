"""MathML as one line of text: "x^2 + y^2" can be searched and quoted, "x2+y2" means something else."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

DEEPEST = 60
"""Elements inside each other. Formulas that people write stay below 20."""

_SPACED = frozenset("+−-=<>≤≥≠≈≡→⇒↦∈⊂⊆∪∩×·∗,;")
_LEFT_OUT = ("annotation", "annotation-xml", "mphantom")


def linear(math: LexborNode) -> str:
    """The formula on one line, or "" where it is nested beyond reason."""
    return " ".join(_linear(math, 0).split())


def _linear(node: LexborNode, depth: int) -> str:
    tag = node.tag or ""
    if tag == "-text":
        return (node.text_content or "").strip()
    if depth > DEEPEST or tag in _LEFT_OUT or tag.startswith("-"):
        return ""
    parts = [part for part in (_linear(child, depth + 1) for child in node.iter(include_text=True)) if part]
    if tag == "mo":
        text = "".join(parts)
        return f" {text} " if text in _SPACED else text
    if tag == "mtr":
        return " ".join(parts) + " ; "
    return _joined(tag, parts)


def _joined(tag: str, parts: list[str]) -> str:
    if tag in ("msup", "mover") and len(parts) == 2:
        return f"{parts[0]}^{_grouped(parts[1])}"
    if tag in ("msub", "munder") and len(parts) == 2:
        return f"{parts[0]}_{_grouped(parts[1])}"
    if tag in ("msubsup", "munderover") and len(parts) == 3:
        return f"{parts[0]}_{_grouped(parts[1])}^{_grouped(parts[2])}"
    if tag == "mfrac" and len(parts) == 2:
        return f"{_grouped(parts[0])}/{_grouped(parts[1])}"
    if tag == "msqrt":
        return f"√{_grouped(''.join(parts))}"
    return "".join(parts)


def _grouped(text: str) -> str:
    text = text.strip()
    return text if text.isalnum() else f"({text})"
