"""Words that head a column or stand beside an empty space on a form, and hardly ever in an answer.

Used to tell a label from what somebody wrote: where a short text stands alone, it is kept only if it
has such a word. Chosen by reading printed forms and headers in nine languages; in doubt a word that is
also a given name, a place or an answer is left out.
"""

from __future__ import annotations

import re
from typing import Final

_WORDS: Final = frozenset(
    """name names first last middle initial surname given maiden alias address street apt apartment unit city town county
    state zip zipcode postal postcode province country phone telephone mobile cell email e-mail fax date birth birthdate dob
    born age sex gender race ethnicity ethnic marital status citizen citizenship nationality national immigration immigrant
    visa passport alien uscis resident residency residence ssn itin social security number no num id identification license
    licence document documents type code description category amount total income wages employer occupation job employment
    relationship household members language interpreter signature sign signed applicant spouse parent guardian child children
    dependent education school grade degree religion disability disabled veteran military medical health insurance medicaid
    medicare benefits program case file issued expiration expires expiry issue entry arrival place origin reason purpose
    comments notes remarks other contact emergency account bank routing rent landlord owner agency department office use
    title year month day time start end created updated latitude longitude location url website value count percent rate
    nombre nombres apellido apellidos dirección direccion calle ciudad estado código codigo postal teléfono telefono correo
    electrónico fecha nacimiento edad sexo género genero raza estatus situación ciudadanía ciudadania nacionalidad migratorio
    migratoria inmigración pasaporte seguro número numero identificación tipo documento ingreso ingresos empleador ocupación
    parentesco idioma intérprete firma solicitante cónyuge hijo hijos escuela país pais lugar origen motivo comentarios
    nom prénom prenom adresse rue ville téléphone courriel naissance âge sexe nationalité citoyenneté numéro pièce identité
    revenu employeur langue pays lieu motif
    nome sobrenome endereço endereco cidade telefone nascimento nacionalidade número cpf rg renda assinatura data
    vorname nachname familienname anschrift straße strasse plz ort telefon geburtsdatum geburtsort alter geschlecht
    staatsangehörigkeit nummer ausweis einkommen arbeitgeber sprache unterschrift datum
    naam voornaam achternaam adres postcode woonplaats telefoon geboortedatum geslacht nationaliteit handtekening
    tên họ địa chỉ ngày sinh quốc tịch điện thoại chữ ký
    non siyati adrès telefòn dat nesans peyi sitwayen
    pangalan apelyido tirahan telepono petsa kapanganakan pagkamamamayan lagda""".split()
)
_CHINESE: Final = re.compile(
    "姓名|地址|电话|電話|出生|日期|国籍|國籍|公民|移民|身份|号码|號碼|签名|簽名|性别|性別|护照|護照|签证|簽證|语言|語言|收入"
)
_SPLIT: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")
_CAMEL: Final = re.compile(r"(?<=[a-zß-ÿ])(?=[A-Z])")


def has_label_word(text: str) -> bool:
    """Return whether ``text`` has a word that heads columns and stands beside blanks.

    >>> has_label_word("Country of birth"), has_label_word("placeOfBirth"), has_label_word("Maria Lopez")
    (True, True, False)
    """
    words = (word.casefold() for word in _SPLIT.findall(_CAMEL.sub(" ", text[:300])))
    return any(word in _WORDS for word in words) or bool(_CHINESE.search(text))
