"""What several readers share: syntaxes, bounds, languages, shapes of forms. Decides nothing."""
