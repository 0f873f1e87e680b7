"""XML Schema, RELAX NG, Salesforce, XForms: places with their lines and lists of codes."""

import pytest

XSD = """\
<?xml version="1.0"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:simpleType name="Status"><xs:restriction base="xs:token">
  <xs:enumeration value="C"><xs:annotation><xs:documentation>Citizen</xs:documentation></xs:annotation></xs:enumeration>
  <xs:enumeration value="A"/></xs:restriction></xs:simpleType>
<xs:complexType name="Coded"><xs:simpleContent><xs:extension base="Status">
  <xs:attribute name="asOf" type="xs:date" use="required"/></xs:extension></xs:simpleContent></xs:complexType>
<xs:element name="Person"><xs:complexType><xs:sequence>
  <xs:element name="Held" type="Coded" default="CANARY"><xs:annotation>
    <xs:documentation xml:lang="en">The status</xs:documentation>
    <xs:documentation xml:lang="es">El estado</xs:documentation></xs:annotation></xs:element>
  <xs:element ref="Country"/>
  <xs:element name="Home"><xs:complexType><xs:all><xs:element name="Zip"/></xs:all></xs:complexType></xs:element>
  </xs:sequence></xs:complexType></xs:element>
<xs:element name="Country"><xs:annotation><xs:documentation>Of birth</xs:documentation></xs:annotation></xs:element>
</xs:schema>
"""


def test_elements_have_the_nearest_type_in_front(read):
    assert read("a.xsd", XSD).column("locator", "name") == [
        ("line:3", "Status"),
        ("line:7", "Coded.asOf"),
        ("line:8", "Person"),
        ("line:9", "Person.Held"),
        ("line:12", "Person.Country"),
        ("line:13", "Person.Home"),
        ("line:13", "Home.Zip"),
        ("line:15", "Country"),
    ]


def test_codes_come_through_named_types_with_their_meaning(read):
    found = read("a.xsd", XSD)
    assert found.one("Person.Held").options == ("C — Citizen", "A")
    assert found.one("Person.Home").options == ()


def test_documentation_by_language_and_of_what_is_referred_to(read):
    found = read("a.xsd", XSD)
    held = found.one("Person.Held")
    assert (held.text, held.lang, held.translations) == ("The status", "en", (("es", "El estado"),))
    assert found.one("Person.Country").text == "Of birth"
    assert (found.one("Coded.asOf").facts, "CANARY" in repr(found.places)) == (("required",), False)


def test_types_that_refer_to_themselves_end(read):
    text = '<s:schema xmlns:s="http://www.w3.org/2001/XMLSchema"><s:simpleType name="A"><s:restriction base="A"/></s:simpleType><s:element name="e" type="A"/></s:schema>'
    assert read("a.xsd", text).one("e").options == ()


def test_a_schema_within_a_service_description(read):
    text = '<definitions xmlns:xsd="http://www.w3.org/2001/XMLSchema"><types><xsd:schema><xsd:element name="Alien"/></xsd:schema></types></definitions>'
    assert read("a.wsdl", text).column("name") == ["Alien"]


def test_relax_ng(read):
    text = """<grammar xmlns="http://relaxng.org/ns/structure/1.0"><start><element name="person">
    <documentation>Somebody</documentation><attribute name="born"/><element><name>sex</name>
    <choice><value>f</value><value>m</value></choice></element></element></start></grammar>"""
    assert read("a.rng", text).column("name", "text", "options") == [
        ("person", "Somebody", ()),
        ("person.born", "", ()),
        ("person.sex", "", ("f", "m")),
    ]


FIELD = """<?xml version="1.0"?>
<{kind} xmlns="http://soap.sforce.com/2006/04/metadata">
  <fullName>Ssn__c</fullName><description>Kept apart</description><label>Number</label>
  <maskType>ssn</maskType><required>true</required><type>EncryptedText</type>
</{kind}>"""


def test_a_salesforce_field(read):
    (place,) = read("objects/Contact/fields/Ssn__c.field-meta.xml", FIELD.format(kind="CustomField")).places
    assert (place.locator, place.name, place.text) == (
        "/CustomField/fullName",
        "Ssn__c",
        "Number — Kept apart",
    )
    assert (place.facts, place.context) == (("encrypted", "masked", "required"), "Contact")


def test_a_salesforce_object_with_old_and_new_picklists(read):
    text = """<CustomObject xmlns="http://soap.sforce.com/2006/04/metadata"><label>Case</label>
    <fields><fullName>A__c</fullName><label>A</label><picklist><picklistValues><fullName>One</fullName></picklistValues></picklist></fields>
    <fields><fullName>B__c</fullName><label>B</label><formula>1</formula><valueSet><valueSetDefinition>
    <value><fullName>two</fullName><label>Two</label></value></valueSetDefinition></valueSet></fields></CustomObject>"""
    assert read("objects/Case.object", text).column("locator", "name", "options", "facts") == [
        ("/CustomObject/fields[1]/fullName", "A__c", ("One",), ()),
        ("/CustomObject/fields[2]/fullName", "B__c", ("Two",), ("computed",)),
    ]


def test_a_salesforce_translation_is_in_its_language(read):
    text = """<CustomFieldTranslation xmlns="http://soap.sforce.com/2006/04/metadata"><help>Ayuda</help><label>Nacionalidad</label>
    <name>N__c</name><picklistValues><masterLabel>Other</masterLabel><translation>Otra</translation></picklistValues></CustomFieldTranslation>"""
    (place,) = read("objectTranslations/Contact-es_MX/N__c.fieldTranslation-meta.xml", text).places
    assert (place.locator, place.name, place.text) == (
        "/CustomFieldTranslation/name",
        "N__c",
        "Nacionalidad — Ayuda",
    )
    assert (place.lang, place.options) == ("es-MX", ("Otra",))


def test_other_salesforce_metadata_is_no_form(read):
    assert read("x.xml", '<Profile xmlns="http://soap.sforce.com/2006/04/metadata"/>').weight == 0


XFORM = """<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa">
<h:head><h:title>Intake</h:title><model><itext>
<translation lang="English (en)"><text id="n"><value>Nationality</value></text></translation>
<translation lang="Español (es)"><text id="n"><value>Nacionalidad</value></text></translation></itext>
<instance><data><nat>CANARY</nat></data></instance>
<bind nodeset="/data/nat" type="string" required="true()"/></model></h:head>
<h:body><group ref="/data/g"><label>Who</label>
<select1 ref="/data/nat"><label ref="jr:itext('n')"/><item><label>Haiti</label><value>ht</value></item></select1>
<input ref="/data/dob"><label>Born</label><hint>As in your passport</hint></input></group></h:body></h:html>
"""


def test_xforms_controls_with_translations_that_stand_apart(read):
    found = read("f.xml", XFORM)
    nat = found.one("nat")
    assert (nat.locator, nat.text, nat.lang, nat.translations) == (
        "line:9",
        "Nationality",
        "en",
        (("es", "Nacionalidad"),),
    )
    assert (nat.options, nat.facts, nat.context, nat.type) == (
        ("Haiti",),
        ("required",),
        "Intake › Who",
        "string",
    )
    assert (found.one("dob").text, "CANARY" in repr(found.places)) == ("Born — As in your passport", False)


@pytest.mark.parametrize("source", ["a.xsd", "f.xml"])
def test_other_xml_is_none_of_these(read, source):
    assert read(source, "<a/>").weight == 0
