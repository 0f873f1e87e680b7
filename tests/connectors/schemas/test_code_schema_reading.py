"""Prisma and GraphQL: models, inputs, enums as options."""

PRISMA = """\
datasource db { provider = "postgresql" }

/// People who apply
model Person {
  id      Int        @id @default(7) // the key
  // where they say
  // that they were born
  country String?    @map("birth_country") @db.VarChar(2)
  status  ImmStatus  @default(CITIZEN)
  visits  Visit[]

  @@map("people")
}

enum ImmStatus {
  CITIZEN
  LPR @map("lpr")
}
"""

GRAPHQL = '''\
"""A person"""
type Person @key(fields: "id") {
  "Where born"
  country: String!
  status: Status
  tags: [Status!]!
}
enum Status { CITIZEN OTHER }
input PersonInput { ssn: String = "CANARY" }
type Query { person(alienNumber: String!): Person }
extend type Person { age(asOf: Date): Int }
query Q { person(alienNumber: "CANARY") { status } }
'''


def test_prisma_columns_have_the_name_of_the_database(read):
    assert read("schema.prisma", PRISMA).column("locator", "name", "text", "type") == [
        ("line:5", "Person.id", "the key", "Int"),
        ("line:8", "Person.birth_country", "where they say that they were born", "VarChar(2)"),
        ("line:9", "Person.status", "", "ImmStatus"),
        ("line:10", "Person.visits", "", "Visit[]"),
    ]


def test_prisma_enums_are_options_and_comments_of_a_model_are_context(read):
    status = read("schema.prisma", PRISMA).one("Person.status")
    assert (status.options, status.context, status.facts) == (
        ("CITIZEN", "lpr"),
        "People who apply",
        ("required",),
    )


def test_prisma_without_a_block_is_nothing(read):
    assert read("schema.prisma", "hello").weight == 0


def test_graphql_types_inputs_and_arguments(read):
    assert read("schema.graphql", GRAPHQL).column("locator", "name", "kind", "type") == [
        ("line:4", "Person.country", "column", "String"),
        ("line:5", "Person.status", "column", "Status"),
        ("line:6", "Person.tags", "column", "Status[]"),
        ("line:9", "PersonInput.ssn", "question", "String"),
        ("line:10", "person.alienNumber", "question", "String"),
        ("line:11", "Person.age", "column", "Int"),
        ("line:11", "Person.age.asOf", "question", "Date"),
    ]


def test_graphql_says_what_it_says_and_no_value(read):
    found = read("schema.graphql", GRAPHQL)
    country = found.one("Person.country")
    assert (country.text, country.context, country.facts) == ("Where born", "A person", ("required",))
    assert found.one("Person.tags").options == ("CITIZEN", "OTHER")
    assert "CANARY" not in repr(found.places)


def test_graphql_queries_alone_are_nothing(read):
    assert read("q.graphql", "query Q { a }").weight == 0
