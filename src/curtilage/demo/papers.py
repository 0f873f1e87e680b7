"""The example city's paper-like forms: PDF with fields, PDF to print, a workbook for tablets, Word."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

_REQUEST: Final = (
    ("name", "Name / Nombre"),
    ("address", "Address / Dirección"),
    ("citizen", "Are you a U.S. citizen? / ¿Es ciudadano de los Estados Unidos?"),
    ("origin", "Country of origin / País de origen"),
    ("document", "Which document did you show? / ¿Qué documento mostró?"),
    ("monthly_income", "Monthly income / Ingreso mensual"),
    ("itin", "SSN or ITIN / Número de Seguro Social o ITIN"),
)
_SURVEY: Final = (
    ("type", "name", "label::English (en)", "label::Español (es)", "hint::English (en)", "required"),
    ("begin_group", "child", "Child", "Niño o niña", "", ""),
    ("text", "child_name", "Child's name", "Nombre del niño o de la niña", "", "yes"),
    ("date", "child_dob", "Child's date of birth", "Fecha de nacimiento", "", "yes"),
    ("text", "nationality", "Country of origin", "País de origen", "", ""),
    ("select_one shirt", "shirt_size", "Shirt size", "Talla de camiseta", "", ""),
    ("end_group", "", "", "", "", ""),
    ("text", "guardian_phone", "Guardian's telephone", "Teléfono de la persona responsable", "", "yes"),
    (
        "text",
        "guardian_visa",
        "Guardian's visa type, if any",
        "Tipo de visa del responsable, si tiene",
        "",
        "",
    ),
    ("text", "home_language", "Language spoken at home", "Idioma que se habla en casa", "", ""),
    ("text", "holidays", "Religious holidays to keep free", "Fiestas religiosas que guardar", "", ""),
    ("select_one eth", "ethnicity", "Ethnicity", "Origen étnico", "", ""),
)
_CHOICES: Final = (
    ("list_name", "name", "label::English (en)", "label::Español (es)"),
    ("shirt", "s", "Small", "Chica"),
    ("shirt", "m", "Medium", "Mediana"),
    ("eth", "h", "Hispanic or Latino", "Hispano o latino"),
    ("eth", "n", "Not Hispanic or Latino", "Ni hispano ni latino"),
)
_CARD: Final = (
    ("Name / Nombre", ""),
    ("Address / Dirección", ""),
    ("Date of birth / Fecha de nacimiento", ""),
    ("Passport or consular ID number / Número de pasaporte o matrícula consular", ""),
    ("Country of origin / País de origen", ""),
)
_PRINTED: Final = (
    "Tenant questionnaire",
    "Name: ______________________________",
    "Place of birth: ______________________________",
    "Have you ever been deported?   Yes [ ]   No [ ]",
    "The city never asks about the immigration status of visitors.",
    "Signature: ______________________________",
)


def build_papers(folder: Path) -> None:
    """Write the forms into ``folder``.

    Effects:
        Creates ``rental-assistance.pdf``, ``tenant-questionnaire.pdf``, ``recreation-signup.xlsx`` and
        ``library-card.docx``.
    """
    _build_form(folder / "rental-assistance.pdf")
    _build_print(folder / "tenant-questionnaire.pdf")
    _build_workbook(folder / "recreation-signup.xlsx")
    _build_word(folder / "library-card.docx")


def _canvas(path: Path, title: str) -> Any:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path), invariant=True)
    canvas.setTitle(title)
    canvas.setFont("Helvetica-Bold", 15)
    canvas.drawString(60, 780, title)
    canvas.setFont("Helvetica", 11)
    return canvas


def _build_form(path: Path) -> None:
    canvas = _canvas(path, "Rental assistance request / Solicitud de ayuda para la renta")
    for row, (name, label) in enumerate(_REQUEST):
        height = 730 - 46 * row
        canvas.drawString(60, height, label)
        canvas.acroForm.textfield(name=name, tooltip=label, x=60, y=height - 24, width=420, height=18)
    canvas.save()


def _build_print(path: Path) -> None:
    canvas = _canvas(path, _PRINTED[0])
    for row, line in enumerate(_PRINTED[1:]):
        canvas.drawString(60, 730 - 30 * row, line)
    canvas.save()


def _build_workbook(path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        for title, rows in (("survey", _SURVEY), ("choices", _CHOICES)):
            sheet = book.add_worksheet(title)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
        settings = book.add_worksheet("settings")
        settings.write_row(0, 0, ("form_title", "form_id", "default_language"))
        settings.write_row(1, 0, ("Recreation sign-up", "recreation_signup", "English (en)"))


def _build_word(path: Path) -> None:
    import docx

    document = docx.Document()
    document.add_heading("Library card / Tarjeta de biblioteca", level=1)
    document.add_paragraph("Please fill in. / Complete, por favor.")
    table = document.add_table(rows=0, cols=2)
    for label, empty in _CARD:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, empty
    document.add_paragraph("Signature / Firma: ____________________")
    document.save(str(path))
