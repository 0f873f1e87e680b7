"""Documents and tables: Word, workbooks, tables of any kind, printed text."""
