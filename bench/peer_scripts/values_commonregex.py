"""commonregex on values: all of its expressions that are about people, and dates."""

import values_common
from commonregex import regexes

KINDS = ("dates", "phones", "emails", "ips", "ipv6s", "credit_cards", "street_addresses")


def main():
    """Answer."""
    options = values_common.asked()
    if options.custom:
        import values_custom

    def find(text, _):
        for kind in KINDS:
            for match in regexes[kind].finditer(text):
                yield match.start(), match.end(), kind
        if options.custom:
            yield from values_custom.find(text)

    if options.question == "texts":
        values_common.answer_texts(find, options.seconds)
    else:
        values_common.answer_cells(find, options.seconds)


if __name__ == "__main__":
    main()
