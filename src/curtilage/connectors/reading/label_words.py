"""Words that head a column or stand beside an empty space on a form.

Two kinds, because what stands alone on a page may be an answer that somebody wrote:

* *sure* words hardly ever occur in an answer ("nationality", "birth", "signature");
* *other* words head columns too, and are also parts of names, places and answers ("Cook County",
  "First National Bank", "Spouse", "Citizen").

Chosen by reading printed forms and headers in eleven languages; in doubt a word is not sure.
"""

from __future__ import annotations

import re
from typing import Final

_SURE: Final = frozenset(
    """name names surname forename alias aliases maiden address zip zipcode postcode phone telephone fax email e-mail date birth
    birthdate birthplace dob age sex gender race ethnicity marital status citizenship nationality immigration visa passport
    ssn itin number identification license licence document documents expiration expires expiry signature relationship
    occupation income wages language interpreter religion ethnic household dependents applicant reason
    nombre nombres apellido apellidos dirección direccion teléfono telefono correo fecha nacimiento edad sexo género estatus
    situación ciudadanía ciudadania nacionalidad migratoria pasaporte número numero identificación firma parentesco idioma
    intérprete ingresos ocupación solicitante
    prénom prénoms adresse courriel téléphone naissance âge sexe nationalité citoyenneté numéro signature revenu langue
    sobrenome endereço endereco nascimento nacionalidade gênero assinatura cpf telefone
    vorname nachname familienname anschrift geburtsdatum geburtsort geschlecht staatsangehörigkeit unterschrift
    cognome indirizzo nascita cittadinanza nazionalità firma
    voornaam achternaam adres geboortedatum geslacht nationaliteit handtekening
    siyati adrès nesans sitwayènte siyen
    apelyido tirahan kapanganakan pagkamamamayan lagda""".split()
)
_OTHER: Final = frozenset(
    """first last middle initial given street apt apartment unit city town county state postal province country mobile cell born
    citizen national immigrant alien resident residency residence social security num no id type code description category
    amount total employer job employment members sign signed spouse parent guardian child children dependent education school
    grade degree disability disabled veteran military medical health insurance medicaid medicare benefits program case file
    issued issue entry arrival place origin purpose comments notes remarks other contact emergency account bank routing
    landlord owner agency department title year month day time start end created updated latitude longitude location url
    website value count percent rate
    calle ciudad estado código codigo postal electrónico genero raza migratorio inmigración seguro tipo documento empleador
    cónyuge hijo hijos escuela país pais lugar origen motivo comentarios
    nom rue ville pièce identité employeur pays lieu motif nome cidade rg renda data
    straße strasse plz ort telefon alter nummer ausweis einkommen arbeitgeber sprache datum
    naam postcode woonplaats telefoon non telefòn dat peyi sitwayen pangalan telepono petsa""".split()
)
_PHRASES: Final = re.compile(
    "姓名|地址|电话|電話|出生|日期|国籍|國籍|移民身份|号码|號碼|签名|簽名|性别|性別|护照|護照|签证|簽證|语言|語言|收入"
    "|họ và tên|họ tên|địa chỉ|ngày sinh|quốc tịch|điện thoại|chữ ký|nơi sinh|social security"
    r"|^(?:place|date|type|number|country|state|reason|tipo|lugar|país|fecha|número|lieu|pays) (?:of|de|du) ",
    re.IGNORECASE,
)
_SPLIT: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")
_CAMEL: Final = re.compile(r"(?<=[a-zß-ÿ])(?=[A-Z])")
_FIGURES: Final = re.compile(r"\d{3,}|\d[/.-]\d|@")


def has_label_word(text: str) -> bool:
    """Return whether ``text`` has any word that heads columns or stands beside blanks.

    >>> has_label_word("placeOfBirth"), has_label_word("County"), has_label_word("Maria Lopez")
    (True, True, False)
    """
    return any(word in _SURE or word in _OTHER for word in _words(text)) or bool(_PHRASES.search(text))


def is_label(text: str) -> bool:
    """Return whether ``text``, standing alone, is a label rather than what somebody wrote.

    >>> is_label("Country of birth"), is_label("Cook County"), is_label("Date 02/22/2017")
    (True, False, False)
    """
    if _FIGURES.search(text):
        return False
    return any(word in _SURE for word in _words(text)) or bool(_PHRASES.search(text))


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _SPLIT.findall(_CAMEL.sub(" ", text[:300]))]
