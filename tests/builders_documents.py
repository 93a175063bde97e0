"""Makes the documents in ``tests/fixtures/documents`` out of our own prose, with the programs that people use.

Run ``python tests/builders_documents.py`` after a change here and commit the result. The files are kept so that the
tests need neither reportlab nor python-docx nor python-pptx.
"""

from __future__ import annotations

from pathlib import Path

from docx import Document
from pptx import Presentation
from pptx.util import Inches
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from studyteddy.testing.sample_documents import epub

FOLDER = Path(__file__).parent / "fixtures" / "documents"
TITLE = "Notes on sourdough"

FLOUR = (
    "A starter is nothing but flour and water in which wild yeast and lactic acid bacteria keep each other in check. "
    "The yeast raises the dough; the bacteria sour it and keep mould away."
)
FEEDING = (
    "Feed the starter once a day with equal weights of flour and water, and throw half of it away first. "
    "At 24 degrees it doubles within six hours. In the fridge it can wait a week between two meals."
)
BAKING = (
    "Bake the loaf at 240 degrees for twenty minutes with steam, then at 210 degrees for twenty-five minutes without. "
    "It is done when it sounds hollow at the bottom."
)
TABLE = (("Day", "Flour", "Water"), ("1", "50 g", "50 g"), ("2", "100 g", "100 g"))

# As a typesetter breaks them: one word divided at a line's end, one compound that keeps its hyphen, one ligature.
FIRST_PAGE = (
    "1 Flour and water",
    "A starter is nothing but flour and water in which wild yeast and lactic acid bac-",
    "teria keep each other in check. The yeast raises the dough; the bacteria sour it",
    "and keep mould away. A well-fed starter smells of apples. Bakers speak of a well-",
    "fed starter when it floats on water.",
    "• Keep it in a glass.",
    "• Never close the lid.",
)
THIRD_PAGE = (
    "2 Feeding",
    "Feed the starter once a day with equal weights of flour and water, and throw half of",
    "it away first. At 24 degrees it doubles within six hours. In the fridge it can wait a",
    "week between two meals.",
)


def write_pdf(name: str, pages: tuple[tuple[str, ...], ...], lock: StandardEncryption | None = None) -> None:
    """A PDF with these lines on its pages; a page without lines has a drawing."""
    canvas = Canvas(str(FOLDER / name), invariant=1, encrypt=lock, pageCompression=1)
    canvas.setTitle(TITLE)
    for lines in pages:
        canvas.setFont("Helvetica", 11)
        for row, line in enumerate(lines):
            canvas.drawString(72, 760 - 14 * row, line)
        if not lines:
            canvas.circle(300, 400, 90)
        canvas.showPage()
    canvas.save()


def write_docx() -> None:
    """Headings, a list, a table between paragraphs."""
    document = Document()
    document.core_properties.title = TITLE
    document.add_heading("Flour and water", 1)
    document.add_paragraph(FLOUR)
    document.add_paragraph("Keep it in a glass.", style="List Bullet")
    document.add_paragraph("Never close the lid.", style="List Bullet")
    document.add_heading("Feeding", 1)
    document.add_heading("By the clock", 2)
    document.add_paragraph(FEEDING)
    table = document.add_table(rows=0, cols=3)
    for row in TABLE:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.add_paragraph(BAKING)
    document.save(str(FOLDER / "sourdough.docx"))


def write_pptx() -> None:
    """A title slide, a slide with a group, a table and notes, a slide without text."""
    show = Presentation()
    show.core_properties.title = TITLE
    first = show.slides.add_slide(show.slide_layouts[0])
    first.shapes.title.text = TITLE
    first.placeholders[1].text = "Flour, water, time"
    second = show.slides.add_slide(show.slide_layouts[5])
    second.shapes.title.text = "Feeding"
    group = second.shapes.add_group_shape()
    group.shapes.add_textbox(Inches(1), Inches(2), Inches(4), Inches(1)).text_frame.text = FEEDING
    table = second.shapes.add_table(3, 3, Inches(1), Inches(4), Inches(6), Inches(1)).table
    for row, texts in enumerate(TABLE):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    second.notes_slide.notes_text_frame.text = "Show the glass now."
    show.slides.add_slide(show.slide_layouts[6])
    show.save(str(FOLDER / "sourdough.pptx"))


def write_texts() -> None:
    """HTML, Markdown, EPUB and plain text."""
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in TABLE)
    page = (
        f"<!DOCTYPE html><html><head><title>{TITLE}</title><style>p {{ color: red }}</style></head><body>"
        f"<nav><a href='/'>Home</a></nav><h1>Flour and water</h1><p>{FLOUR}</p><h2>Feeding</h2><p>{FEEDING}</p>"
        f"<table>{rows}</table><script>alert('no')</script><footer>Printed on paper</footer></body></html>"
    )
    (FOLDER / "sourdough.html").write_text(page, encoding="utf-8")
    table = "\n".join([" | ".join(TABLE[0]), "---|---|---", *(" | ".join(row) for row in TABLE[1:])])
    note = f"---\ntitle: {TITLE}\n---\n\n# Flour and water\n\n{FLOUR}\n\n## Feeding\n\n**{FEEDING}**\n\n{table}\n"
    (FOLDER / "sourdough.md").write_text(note, encoding="utf-8")
    (FOLDER / "sourdough.txt").write_text(f"{FLOUR}\n\n{FEEDING}\n\n{BAKING}\n", encoding="utf-8")
    chapters = [("", "<div/>"), ("Flour", f"<h1>Flour and water</h1><p>{FLOUR}</p>"), ("Feeding", f"<p>{FEEDING}</p>")]
    (FOLDER / "sourdough.epub").write_bytes(epub(chapters, title=TITLE))


def main() -> None:
    """Write all of them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    pages = (FIRST_PAGE, (), THIRD_PAGE)
    write_pdf("sourdough.pdf", pages)
    write_pdf("drawing.pdf", ((), ()))
    write_pdf("locked.pdf", pages, StandardEncryption("open sesame", ownerPassword="owner", strength=128))
    write_pdf("printing-forbidden.pdf", pages, StandardEncryption("", ownerPassword="owner", canPrint=0, strength=128))
    write_docx()
    write_pptx()
    write_texts()


if __name__ == "__main__":
    main()
