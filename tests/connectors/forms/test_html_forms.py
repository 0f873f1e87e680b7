"""Web pages and templates: which words label which field."""

import pytest

PAGE = """\
    <!DOCTYPE html>
    <html lang="en"><head><title>Housing help</title><style>label > input { color: red }</style></head>
    <body>
    <h1>Apply for help with rent</h1>
    <form action="/apply" method="post">
      <input type="hidden" name="referred_by" value="canary-1"><input type="hidden" name="csrf_token" value="x">
      <label for="fn">First <b>name</b></label> <input id="fn" name="first_name" value="canary-2" required>
      <label>Family name <input name="family_name"></label>
      <p>Country of birth:
        <select name="birth_country"><option value="">Choose<option>Haiti<option selected>Viet Nam</select>
      <fieldset><legend>Are you a U.S. citizen?</legend>
        <input type="radio" name="citizen" id="c1" value="y"><label for="c1">Yes</label>
        <input type="radio" name="citizen" id="c2" value="n"><label for="c2">No</label>
      </fieldset>
      <span id="l1">Visa</span> <em>or</em> <span id="l2">permit</span> <input aria-labelledby="l1 l2" name="permit">
      <input aria-label="A-Number" name="anum">
      <textarea name="notes" placeholder="Anything else">canary-3</textarea>
      <input type="submit" value="Send"><button name="go">Go</button>
    </form>
    <script>document.write('<input name="not_here">')</script>
    <!-- <input name="nor_here"> -->
    </body></html>
"""


def form(body: str) -> str:
    return f"<!DOCTYPE html><html lang='en'><body><form>{body}</form></body></html>"


def test_a_whole_page(read):
    assert read("apply.html", PAGE).column("locator", "name", "text", "type") == [
        ("line:6", "referred_by", "", "hidden"),
        ("line:7", "first_name", "First name", "text"),
        ("line:8", "family_name", "Family name", "text"),
        ("line:10", "birth_country", "Country of birth:", "select"),
        ("line:12", "citizen", "Are you a U.S. citizen?", "radio"),
        ("line:15", "permit", "Visa permit", "text"),
        ("line:16", "anum", "A-Number", "text"),
        ("line:17", "notes", "Anything else", "textarea"),
    ]


def test_options_language_facts_and_context(read):
    page = read("apply.html", PAGE)
    assert page.one("birth_country").options == ("Choose", "Haiti", "Viet Nam")
    assert page.one("citizen").options == ("Yes", "No")
    assert page.one("first_name").facts == ("required",)
    assert page.one("referred_by").facts == ("hidden",)
    assert page.one("anum").context == "Housing help — Apply for help with rent"
    assert {place.lang for place in page.places} == {"en"}


def test_what_is_filled_in_stays_out(read):
    assert "canary" not in repr(read("apply.html", PAGE).places)


def test_a_page_is_known_by_its_content(read):
    assert read("export.xml", PAGE).reader == "html"


def test_language_of_the_nearest_element(read):
    page = read(
        "a.html",
        form("<div lang='es-MX'><label>Nombre <input name=n></label></div><label>Age<input name=a></label>"),
    )
    assert page.column("name", "lang") == [("n", "es-MX"), ("a", "en")]


def test_a_label_in_two_languages_is_parted(read):
    page = read(
        "a.html", form("<label for=p>Phone <span lang=es>Teléfono</span></label><input id=p name=phone>")
    )
    assert page.column("text", "translations") == [("Phone", (("es", "Teléfono"),))]


def test_tick_boxes_that_share_a_name_are_one_question(read):
    boxes = "".join(
        f"<label><input type=checkbox name='lang[]' value={v}> {t}</label>"
        for v, t in [("en", "English"), ("ht", "Kreyòl")]
    )
    page = read("a.html", form(f"<p>What languages do you speak?</p>{boxes}"))
    assert page.column("name", "text", "options") == [
        ("lang", "What languages do you speak?", ("English", "Kreyòl"))
    ]


def test_a_single_tick_box_keeps_its_own_label(read):
    page = read(
        "a.html",
        form(
            "<fieldset><legend>Papers</legend><input type=checkbox id=p name=pp><label for=p>Passport</label></fieldset>"
        ),
    )
    assert page.column("name", "text", "context") == [("pp", "Passport", "Papers")]


def test_radio_buttons_without_labels_take_the_text_behind_them(read):
    page = read(
        "a.html",
        form(
            "<p>Marital status</p><input type=radio name=m value=1> Married <input type=radio name=m value=2> Single"
        ),
    )
    assert page.column("text", "options") == [("Marital status", ("Married", "Single"))]


def test_the_label_of_the_field_before_is_not_taken(read):
    page = read(
        "a.html",
        form(
            "<input type=checkbox id=a name=a><label for=a>I agree</label><input type=radio name=r value=x>"
        ),
    )
    assert page.column("name", "text") == [("a", "I agree"), ("r", "")]


@pytest.mark.parametrize(
    ("table", "texts"),
    [
        ("<tr><td>Passport number:</td><td><input name=a></td></tr>", ["Passport number:"]),
        ("<tr><th>Name<th>Born<th>Status<tr><td><input name=a><td><input name=b><td><select name=c></select>", ["Name", "Born", "Status"]),
        ("<tr><th></th><th>Citizen?</th></tr><tr><td>Spouse</td><td><input name=a></td></tr>", ["Spouse Citizen?"]),
        ("<tr></tr><tr><td>Visa<td><input name=a>", ["Visa"]),
        ("<tr><td colspan=2>About</td><td>x</td></tr><tr><td>SSN</td><td><input name=a></td><td></td></tr>", ["SSN"]),
    ],
)  # fmt: skip
def test_labels_in_tables(read, table, texts):
    assert read("a.html", form(f"<table>{table}</table>")).column("text") == texts


def test_a_saved_list_of_residents_gives_its_headings_only(read):
    rows = "".join(
        f"<tr><td>canary-{at}<td>Haiti<td><input type=checkbox name=s{at}><td><input name=n{at}>"
        for at in range(4)
    )
    page = read("list.html", form(f"<table><tr><th>Name<th>Born in<th>Close<th>Note</tr>{rows}</table>"))
    assert page.column("text") == ["Close", "Note"] * 4


def test_a_question_in_the_row_above(read):
    table = "<tr><td>Are you a citizen?</td></tr><tr><td><input type=radio name=c>Yes <input type=radio name=c>No</td></tr>"
    assert read("a.html", form(f"<table>{table}</table>")).column("text", "options") == [
        ("Are you a citizen?", ("Yes", "No"))
    ]


def test_month_day_and_year_share_a_label(read):
    page = read("a.html", form("<p>Date of entry <input name=m><input name=d><input name=y></p>"))
    assert page.column("text") == ["Date of entry"] * 3


def test_steps_have_their_headings(read):
    page = read(
        "a.html",
        form(
            "<section><h2>Step 1</h2><label>Name<input name=a></label></section><section><h2>Step 2</h2><label>Visa<input name=b></label></section>"
        ),
    )
    assert page.column("context") == ["Step 1", "Step 2"]


def test_a_label_that_points_at_nothing_is_the_next_fields(read):
    page = read(
        "a.html",
        form("<label>Alien number</label><p>Found on your card</p><div><input name=an></div><input name=b>"),
    )
    assert page.column("name", "text") == [("an", "Alien number"), ("b", "")]


def test_lines_broken_by_br(read):
    body = "Last name: <input name=l><br>Nationality: <input name=n><br><i>Sex</i> <input type=radio name=s>F <input type=radio name=s>M<br>"
    assert read("a.html", form(body)).column("text", "options") == [
        ("Last name:", ()),
        ("Nationality:", ()),
        ("Sex", ("F", "M")),
    ]


def test_a_group_by_role(read):
    page = read(
        "a.html",
        form(
            "<div role=radiogroup aria-labelledby=q><p id=q>Born here?</p><input type=radio name=b value=Yes><input type=radio name=b value=No></div>"
        ),
    )
    assert page.column("text", "options") == [("Born here?", ("Yes", "No"))]


def test_a_hint_is_joined(read):
    page = read(
        "a.html",
        form("<label for=s>SSN</label><input id=s name=ssn aria-describedby=h><p id=h>Or your ITIN</p>"),
    )
    assert page.column("text") == ["SSN — Or your ITIN"]


@pytest.mark.parametrize(
    "broken",
    [
        "<label>Visa <input name=v",
        "<p><b>Visa <input name=v></p></b></form></div></span>",
        "<label>Visa <input name='v' value='it's'></label>",
        '<label>Visa &amp <input name=v value="a>b"></label>',
        "a < b and <c <label>Visa<input name=v></label>",
    ],
)  # fmt: skip
def test_broken_markup_is_read_as_far_as_it_goes(read, broken):
    assert read("a.html", form(broken)).column("name") in (["v"], [])


def test_capitals_and_missing_quotes(read):
    assert read("a.htm", "<HTML><FORM><LABEL FOR=x>Visa</LABEL><INPUT ID=x NAME=visa></FORM>").column(
        "name", "text"
    ) == [("visa", "Visa")]


ERB = """\
    <label>Are you a citizen? *</label>
    <%= f.radio_button :citizen, true, required: true %>
    <%= f.label :citizen, value: true do %><span>Yes</span><% end %>
    <%= f.radio_button :citizen, false %>
    <%= f.label :citizen, value: false do %><span>No</span><% end %>
    <% if a > b %>
    <%= text_field_tag :alien_number, "", placeholder: "Alien number" %>
    <% end %>
    <%= f.label :entered_on, t('.date_of_entry') %> <%= f.date_field :entered_on %>
    <%= f.cfa_input_field :ssn, "What is your SSN?", help_text: "Nine digits" %>
    <%= f.select :status, options_for_select([["Refugee", "r"], ["Asylee", "a"]]), { prompt: "Choose" } %>
    <%= f.input :birth_country, label: "Country of birth" %>
    <%= f.hidden_field :step, value: "2" %> <%= f.submit "Save" %> <%= link_to "Back", root_path %>
"""


def test_rails_helpers_are_fields(read):
    assert read("app/views/_form.html.erb", ERB).column("locator", "name", "text", "options") == [
        ("line:2", "citizen", "Are you a citizen? *", ("Yes", "No")),
        ("line:7", "alien_number", "Alien number", ()),
        ("line:9", "entered_on", ".date_of_entry", ()),
        ("line:10", "ssn", "What is your SSN? — Nine digits", ()),
        ("line:11", "status", "", ("Refugee", "Asylee")),
        ("line:12", "birth_country", "Country of birth", ()),
        ("line:13", "step", "", ()),
    ]


JINJA = """\
    {% extends "base.html" %}
    {{ form.csrf_token }}
    <p>{{ form.country_of_birth.label_tag }} {{ form.country_of_birth }}</p>
    <label>{% trans "Date of entry" %} <input name="entry" value="{{ entry }}" {% if n > 1 %}disabled{% endif %}></label>
    {{ govukRadios({ idPrefix: "nat", name: "nationality", fieldset: { legend: { text: "What is your nationality?" } },
         items: [ { value: "b", text: "British" }, { value: "o", text: "Other" } ] }) }}
    {# <input name="commented"> #}
"""


def test_jinja_and_nunjucks(read):
    assert read("templates/a.njk", JINJA).column("locator", "name", "text", "options") == [
        ("line:3", "country_of_birth", "", ()),
        ("line:4", "entry", "Date of entry", ()),
        ("line:5", "nationality", "What is your nationality?", ("British", "Other")),
    ]


@pytest.mark.parametrize(
    ("source", "text", "name", "label"),
    [
        ("a.jsp", '<form:label path="visa">Visa type</form:label><form:input path="visa"/>', "visa", "Visa type"),
        ("a.vue", '<template><v-text-field label="Visa type" v-model="visa"></v-text-field></template>', "visa", "Visa type"),
        ("a.html", '<html><va-text-input label="Visa type" name="visa"></va-text-input></html>', "visa", "Visa type"),
        ("a.php", '<?php if ($a > 1) { ?><label>Visa type<input name="visa"></label><?php } ?>', "visa", "Visa type"),
        ("a.hbs", '{{#if a}}<label>{{t "Visa type"}} <input name="visa"></label>{{/if}}', "visa", "Visa type"),
        ("a.ejs", "<label><%= __('Visa type') %> <input name='visa' <%- a > 2 ? 'checked' : '' %>></label>", "visa", "Visa type"),
        ("a.aspx", '<asp:Label AssociatedControlID="visa">Visa type</asp:Label><asp:TextBox ID="visa"/>', "visa", "Visa type"),
        ("a.html", "<html><th:block th:replace=\"~{f :: text(inputName='visa', label=#{visa.type})}\"/></html>", "visa", "visa.type"),
    ],
)  # fmt: skip
def test_other_templates(read, source, text, name, label):
    assert read(source, text).column("name", "text") == [(name, label)]


def test_a_page_without_a_form_has_no_places(read):
    assert (
        read("about.html", "<html><body><h1>Immigration status</h1><p>We never ask.</p></body></html>").places
        == []
    )


def test_words_after_a_helper_are_not_those_before_it(read):
    page = "Name <%= f.text_field :who %> Town <%= f.text_field :town %> in the city"
    assert read("a.erb", page).column("name", "text") == [("who", "Name"), ("town", "Town")]


def test_an_example_beside_a_label_is_no_part_of_it(read):
    page = "<p>Nationality <input name='n' placeholder='Haitian'></p><input name='m' placeholder='Your town'>"
    assert read("a.html", page).column("text") == ["Nationality", "Your town"]
